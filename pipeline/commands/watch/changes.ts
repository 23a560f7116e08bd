// Which files have changed? Looks at each file ten times a second. This is cheap (a hundred files in half a
// millisecond) and sees what a listener on folders would miss: writes from other machines on a network disk, or a
// folder that was removed and came back. Knows nothing about why a file matters.
import { statSync } from "node:fs"
import { Effect } from "effect"

/** The files that changed, with the current state of each file. */
export type Change = ReadonlyMap<string, string>

const pause = 100

export class Watched {
  /** The state of each file when it was last noted. */
  readonly #known = new Map<string, string>()

  /** Watches these files and no others. If a file was already watched, changes since then still count. */
  follow(files: ReadonlySet<string>): void {
    for (const file of this.#known.keys()) if (!files.has(file)) this.#known.delete(file)
    for (const file of files) if (!this.#known.has(file)) this.#known.set(file, stateOf(file))
  }

  /** The files that differ now. */
  differing(): Change {
    return new Map(
      [...this.#known].flatMap(([file, before]) => {
        const now = stateOf(file)
        return now === before ? [] : [[file, now] as const]
      }),
    )
  }

  /** Notes a change, so that it no longer counts. */
  take(change: Change): void {
    for (const [file, now] of change) this.#known.set(file, now)
  }

  /** Waits until some files differ and no longer change: an editor may remove a file before it writes the new one. */
  readonly change: Effect.Effect<Change> = Effect.suspend(() => this.#settled(new Map()))

  #settled(before: Change): Effect.Effect<Change> {
    const asked = performance.now()
    const now = this.differing()
    if (now.size > 0 && same(before, now)) return Effect.succeed(now)
    const took = performance.now() - asked
    // looking takes at most 5 % of the time
    return Effect.flatMap(Effect.sleep(Math.max(pause, 20 * took)), () => this.#settled(now))
  }
}

// Includes the change time, because a program may reset the modification time. A missing file has a state, too.
const stateOf = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false })
  return found === undefined ? "" : [found.ino, found.size, found.mtimeMs, found.ctimeMs].join(" ")
}

const same = (a: Change, b: Change): boolean =>
  a.size === b.size && [...a].every(([file, state]) => b.get(file) === state)
