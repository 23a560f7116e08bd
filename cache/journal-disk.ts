// A journal in a directory: one file per run, which only ever grows, and a snapshot of the index over all files. With
// the snapshot, finding the newest values costs one file plus the lines written since. Knows nothing about records.
import { existsSync, readSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { Clock, Effect, Layer, Option, Schedule } from "effect"
import { makeDirectory, replace } from "./atomic.ts"
import { attempt, attemptPromise, isSystemError, systemCode } from "./system-error.ts"
import { force } from "./durable.ts"
import { decodeIndex, emptyIndex, encodeIndex, extend, newestTime, runsInOrder, type Index } from "./journal-index.ts"
import { decodeLines, encodeLine } from "./journal-line.ts"
import { openWriter, type Writer } from "./journal-writer.ts"
import { Journal } from "./journal.ts"
import { journalOf, runOf } from "./paths.ts"
import type { Data } from "./digest.ts"
import { openRegular } from "./regular.ts"
import type { CacheError } from "./store.ts"

const flushEvery = "50 millis"
/** A new snapshot is written when more than this many bytes lie beyond the last snapshot. */
const snapshotAfter = 1 << 16

/**
 * The journals in a directory. A missing directory is made, unless `looking`. A durable journal loses no flushed line
 * in a power cut.
 */
export const diskJournal = (
  directory: string,
  { durable = false, looking = false } = {},
): Layer.Layer<Journal, CacheError> =>
  Layer.effect(
    Journal,
    Effect.gen(function* () {
      if (!looking) yield* attempt(directory, () => makeDirectory(directory))
      const writers = new Set<Writer>()
      let index: Index | undefined
      let beyondSnapshot = 0
      let newest = 0

      /** The index, with every line that was written up to now. */
      const refreshed = attempt(directory, () => {
        for (const writer of writers) writer.flush()
        const fresh = refresh(directory, index ?? readSnapshot(directory))
        index = fresh.index
        beyondSnapshot += fresh.bytes
        if (beyondSnapshot > snapshotAfter) {
          beyondSnapshot = 0
          writeSnapshot(directory, index)
        }
        return index
      })

      const open = Effect.fn("Journal.open")(function* (run: string) {
        // Later lines must have later times, even if the clock was set back, or stands still in a test.
        newest = Math.max(newest, newestTime(yield* refreshed))
        const writer = yield* Effect.acquireRelease(
          attempt(run, () => openWriter(join(directory, journalOf(run)))),
          // A caller that must know whether every line was written calls `flush` first.
          (writer) => Effect.ignore(attempt(run, writer.close)),
        )
        yield* Effect.acquireRelease(
          Effect.sync(() => writers.add(writer)),
          () => Effect.sync(() => writers.delete(writer)),
        )
        if (durable) yield* attemptPromise(directory, () => force(directory)) // the name must be on the disk, too
        const flush = attempt(run, durable ? writer.force : writer.flush)
        // Lines that cannot be written now stay in the writer. The next append then fails.
        yield* attempt(run, writer.flush).pipe(
          Effect.ignore,
          Effect.repeat(Schedule.spaced(flushEvery)),
          Effect.forkScoped,
        )

        const append = Effect.fnUntraced(function* (id: string, value: Data) {
          newest = Math.max(yield* Clock.currentTimeMillis, newest + 0.001)
          const line = encodeLine({ time: newest, id, value })
          yield* attempt(run, () => writer.append(line))
        })
        return { append, flush }
      })

      return Journal.of({
        open,
        latest: Effect.map(refreshed, ({ latest }) => new Map(Array.from(latest, ([id, { value }]) => [id, value]))),
        runs: Effect.map(refreshed, runsInOrder),
        read: (run) =>
          attempt(run, () => {
            for (const writer of writers) writer.flush()
            return decodeLines(readFrom(join(directory, journalOf(run)), 0)).lines
          }),
      })
    }),
  )

/** The index after reading the lines written since, and the number of bytes read. */
const refresh = (directory: string, known: Index): { readonly index: Index; readonly bytes: number } => {
  const sizes = new Map<string, number>()
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    const run = runOf(name)
    const found = statSync(join(directory, name), { throwIfNoEntry: false })
    if (run !== undefined && found?.isFile()) sizes.set(run, found.size)
  }
  // If a run's file is gone, or shorter than the part read before, the index holds lines that are no longer there.
  const holds = Array.from(known.runs).every(([run, { bytes }]) => (sizes.get(run) ?? -1) >= bytes)
  const index = holds ? known : emptyIndex()
  let bytes = 0
  for (const [run, size] of sizes) {
    const from = index.runs.get(run)?.bytes ?? 0
    if (size === from) continue
    const { lines, size: read } = decodeLines(readFrom(join(directory, journalOf(run)), from))
    extend(index, run, lines, from + read)
    bytes += read
  }
  return { index, bytes }
}

const snapshotIn = (directory: string): string => join(directory, "index.json")

// A snapshot that cannot be read counts as none.
const readSnapshot = (directory: string): Index => {
  try {
    return Option.getOrElse(decodeIndex(Buffer.from(readFrom(snapshotIn(directory), 0)).toString()), emptyIndex)
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    return emptyIndex()
  }
}

const writeSnapshot = (directory: string, index: Index): void => {
  try {
    replace(snapshotIn(directory), encodeIndex(index))
  } catch (cause) {
    // Without a snapshot the next start is slower. That is no reason to fail.
    if (systemCode(cause) === undefined) throw cause
  }
}

/** The bytes of a file from an offset on; none if there is no file. */
const readFrom = (path: string, start: number): Uint8Array => {
  try {
    return openRegular(path, (file, { size }) => {
      const bytes = Buffer.alloc(size - start)
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start))
    })
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return new Uint8Array(0)
    throw cause
  }
}
