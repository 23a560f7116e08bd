// What `watch` and its page server report, and the sentences for it. Functions from data to text. Knows nothing about
// where the text goes.
import { firstOf } from "../../text/amount.ts"

export type WatchEvent =
  | { readonly _tag: "Serving"; readonly url: string }
  | { readonly _tag: "Waiting"; readonly files: number }
  | { readonly _tag: "Changed"; readonly files: ReadonlyArray<string> }

export const line = (event: WatchEvent): string => {
  switch (event._tag) {
    case "Serving":
      return `The page is at ${event.url} and reloads by itself.`
    case "Waiting":
      return `Waiting for a change of any of ${event.files} files. Ctrl-C ends.`
    case "Changed":
      return `changed: ${firstOf(event.files, 5)}`
  }
}

export const noPageYet = "There is no page yet. It opens here by itself when the first run has drawn it."
export const notFound = "There is no such file."
export const notHere = "Open this page at the address that watch printed; it can only be read (GET, HEAD)."
export const portTaken = (port: number, why: string): string =>
  `No page can be served at port ${port}: ${why}. Name another port with --port, or leave --port out to get a free one.`
