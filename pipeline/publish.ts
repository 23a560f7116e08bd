// How do the files of a page come into their folder: all in one move. Refuses to know what they show.
import { randomUUID } from "node:crypto"
import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { Effect } from "effect"
import { makeDirectory } from "../cache/beside.ts"
import { SpecError } from "./error.ts"

/** The folder of a spec's page below `out`. That of a part is another, so that it takes the place of no whole one. */
export const pageOf = (spec: string, out: string, part: boolean): string => join(out, `${basename(spec, ".ts")}${part ? ".part" : ""}`)

/** Puts the files where the folder was: a reader of the old page sees the old one whole or the new one whole. */
export const publish = (directory: string, files: ReadonlyMap<string, string | Uint8Array>): Effect.Effect<void, SpecError> =>
  Effect.try({
    try: () => {
      const beside = join(dirname(directory), `.${basename(directory)}.${randomUUID()}`)
      try {
        for (const [path, bytes] of files) {
          makeDirectory(dirname(join(beside, path)))
          writeFileSync(join(beside, path), bytes)
        }
        takePlace(beside, directory)
      } finally {
        rmSync(beside, { recursive: true, force: true })
      }
    },
    catch: (cause) => new SpecError({ reason: "Unwritable", message: `The page cannot be written to ${directory}: ${(cause as Error).message}. Mend that, or name another folder with --out; the results are kept.` }),
  })

// Another run of the same spec may do the same at this moment: then one of the two pages stands, whole.
const takePlace = (beside: string, directory: string): void => {
  const old = `${beside}.old`
  for (let attempt = 0; ; attempt++) {
    try {
      if (existsSync(directory)) renameSync(directory, old)
      renameSync(beside, directory)
      return
    } catch (error) {
      if (attempt === 5 || !existsSync(beside) || (!existsSync(directory) && !existsSync(old))) throw error
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}
