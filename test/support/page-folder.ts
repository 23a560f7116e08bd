// A folder with a page in it: how one is written there, what is there then, and what others lay beside it.
import { Effect } from "effect"
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { memoryLayer } from "../../cache/memory.ts"
import { manifestName } from "../../pipeline/page/manifest.ts"
import { publish } from "../../pipeline/page/publish.ts"
import { scratch } from "../cache/contract.ts"

export const pageOf = (version: string, figures: ReadonlyArray<string> = ["a", "b"]) =>
  new Map<string, string | Uint8Array>([
    ["index.html", `page ${version}`],
    ...figures.map((name) => [`figures/${name}.svg`, `figure ${name} ${version}`] as const),
    ["tables/t.csv", Buffer.from("x\n1\n")],
  ])

export const write = (directory: string, page = pageOf("1"), shown: string | null = "digest") =>
  publish(directory, page, shown, "specs/s.ts").pipe(Effect.provide(memoryLayer))

/** Every path below a folder with what is there: a text, a link's target, or a slash for a folder. */
export const contents = (directory: string): { readonly [path: string]: string } =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, encoding: "utf8" })
      .sort()
      .map((path) => {
        const [full, state] = [join(directory, path), lstatSync(join(directory, path))]
        return [
          path,
          state.isSymbolicLink() ? `-> ${readlinkSync(full)}` : state.isDirectory() ? "/" : readFileSync(full, "utf8"),
        ]
      }),
  )
/** The same without folders and the list. */
export const files = (directory: string) =>
  Object.fromEntries(
    Object.entries(contents(directory)).filter(([path, text]) => text !== "/" && path !== manifestName),
  )
export const textsOf = (page: ReturnType<typeof pageOf>) =>
  Object.fromEntries([...page].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]))

export const lay = (path: string, text = "mine"): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** A folder in which a page is. */
export const published = Effect.gen(function* () {
  const directory = join(yield* scratch, "out/s")
  yield* write(directory)
  return directory
})
