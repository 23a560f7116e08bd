// A process that writes one page after the other into a folder until it is killed, and what starts it:
// `node publisher.ts <folder> <store> <page>`.
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { diskLayer } from "../../cache/disk.ts"
import { publish } from "../../pipeline/page/publish.ts"

const here = fileURLToPath(import.meta.url)

/** Started over a store, and killed when the scope closes. */
export const publisher = (directory: string, store: string, page: "large" | "many") =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const started = spawn(process.execPath, [here, directory, store, page], { stdio: ["ignore", "pipe", "inherit"] })
      const ended = once(started, "exit")
      const lines: Array<string> = []
      const reader = createInterface({ input: started.stdout }).on("line", (line) => lines.push(line))
      return {
        /** Waits until its first page is there. */
        begun: Effect.promise(async () => {
          if (lines.length === 0) await Promise.race([once(reader, "line"), ended])
        }),
        /** What it kept of its first page, and of every other that kept any. */
        lines,
        kill: Effect.promise(async () => {
          started.kill("SIGKILL")
          await ended
        }),
      }
    }),
    ({ kill }) => kill,
  )

/** A large page, or one of many files. */
const pageOf = (page: string, i: number): ReadonlyMap<string, string> => {
  if (page === "large") return new Map([["index.html", Array.from({ length: 200_000 }, () => i).join(" ")]])
  const figures = Array.from(
    { length: 40 },
    (_, figure) => [`figures/${figure + (i % 7)}.svg`, `figure ${figure} of ${i} by ${process.pid}`] as const,
  )
  return new Map([["index.html", `page ${i} by ${process.pid}`], ...figures])
}

if (process.argv[1] === here) {
  const [directory, store, page] = process.argv.slice(2) as [string, string, string]
  const pages = Effect.gen(function* () {
    for (let i = 0; ; i++) {
      const kept = yield* publish(directory, pageOf(page, i), null, "specs/s.ts")
      if (i === 0 || kept.length > 0) process.stdout.write(`${JSON.stringify(kept)}\n`)
    }
  })
  await Effect.runPromise(Effect.provide(pages, diskLayer(store)))
}
