// Which of some files are no longer what they were? Looks at each ten times a second, which is cheap (a hundred files
// in half a millisecond) and sees what a listener on folders would not: other machines' writes on a network disk, a
// folder that was taken away and came back. Refuses to know why a file is of interest.
import { statSync } from "node:fs"
import { Effect } from "effect"

/** Files that are not what they were, and how each is now. */
export type Change = ReadonlyMap<string, string>

const pause = 100

export class Watched {
  /** How each file was when it was last taken note of. */
  readonly #known = new Map<string, string>()

  /** Watches these files and no others. Of one that was watched before, a change since then still counts. */
  follow(files: ReadonlySet<string>): void {
    for (const file of this.#known.keys()) if (!files.has(file)) this.#known.delete(file)
    for (const file of files) if (!this.#known.has(file)) this.#known.set(file, stateOf(file))
  }

  /** What differs now. */
  differing(): Change {
    return new Map(
      [...this.#known].flatMap(([file, before]) => {
        const now = stateOf(file)
        return now === before ? [] : [[file, now] as const]
      }),
    )
  }

  /** Takes note of a change: it counts no longer. */
  take(change: Change): void {
    for (const [file, now] of change) this.#known.set(file, now)
  }

  /** Waits until some files differ and are at rest: an editor may take a file away before it puts the new one there. */
  readonly change: Effect.Effect<Change> = Effect.suspend(() => this.#settled(new Map()))

  #settled(before: Change): Effect.Effect<Change> {
    const asked = performance.now()
    const now = this.differing()
    if (now.size > 0 && same(before, now)) return Effect.succeed(now)
    const took = performance.now() - asked
    // looking takes 5 % of the time at most
    return Effect.flatMap(Effect.sleep(Math.max(pause, 20 * took)), () => this.#settled(now))
  }
}

// The change time too: a program may set the other one back. A file that is not there has a state like any other.
const stateOf = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false })
  return found === undefined ? "" : [found.ino, found.size, found.mtimeMs, found.ctimeMs].join(" ")
}

const same = (a: Change, b: Change): boolean =>
  a.size === b.size && [...a].every(([file, state]) => b.get(file) === state)
