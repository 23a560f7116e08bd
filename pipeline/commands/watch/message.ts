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

export const noPageYet = "There is no page yet. It comes with the first run that gets as far, and opens here by itself."
export const notFound = "There is no such file."
export const notHere = "Ask for this page by the address that watch printed, and only for reading."
export const portTaken = (port: number, why: string): string =>
  `No page can be served at port ${port}: ${why}. Name another with --port, or leave it out for a free one.`
