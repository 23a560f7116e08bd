// Gives one process at a time a lease on a key. A lease is a file that only one process can create. The lease of a dead
// process is not removed, but *succeeded*: the new process creates `<key>.after.<token of the dead>`, which again only
// one process can do. Therefore no process ever touches a file that now belongs to another process. The last lease of
// the chain holds the key. Knows nothing about what is done under a lease.
import { randomUUID } from "node:crypto"
import { existsSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Option, Schedule, type Scope } from "effect"
import { linkNew, remove } from "./atomic.ts"
import { attempt, present, systemCode } from "./system-error.ts"
import type { Key } from "./digest.ts"
import { decodeHolder, encodeHolder, isDead, thisProcess } from "./holder.ts"
import { readRegular } from "./regular.ts"
import type { CacheError } from "./store.ts"

const heartbeat = "5 seconds"

/** Takes leases that are files in an existing directory. */
export const claimIn = (directory: string): ((key: Key) => Effect.Effect<boolean, CacheError, Scope.Scope>) =>
  Effect.fnUntraced(function* (key: Key) {
    const lease = yield* Effect.acquireRelease(
      Effect.andThen(
        present(directory),
        attempt(key, () => take(directory, key)),
      ),
      (lease) => {
        if (lease === undefined) return Effect.void
        // A lease that cannot be removed ends with this process, and this process does not need the lease again.
        return Effect.ignore(attempt(key, () => release(directory, lease)))
      },
    )
    if (lease === undefined) return false
    // If a heartbeat fails, the worst result is a lost lease. Then two runs do the same work, and both are right.
    yield* Effect.ignore(attempt(key, () => beat(directory, lease))).pipe(
      Effect.repeat(Schedule.spaced(heartbeat)),
      Effect.delay(heartbeat),
      Effect.forkScoped,
    )
    return true
  })

interface Lease {
  readonly key: Key
  readonly token: string
}

const take = (directory: string, key: Key): Lease | undefined => {
  const token = randomUUID()
  // The lease is first written whole under another name, so that nobody ever reads half a lease.
  const own = join(directory, `.${token}`)
  try {
    writeFileSync(own, encodeHolder(thisProcess(token)), { flag: "wx" })
    for (;;) {
      const before = follow(directory, key)
      const last = before.links.at(-1)
      // Both times come from the file system's clock, because the clocks of two hosts may differ.
      if (last !== undefined && !isAbandoned(last, statSync(own).mtimeMs)) return undefined
      if (!linkNew(own, before.free)) continue
      // While we looked, the chain may have been released and started again. Then our lease is not part of the new
      // chain. The first lease of a chain needs no such check.
      if (last === undefined || follow(directory, key).links.at(-1)?.token === token) return { key, token }
      remove(before.free)
    }
  } finally {
    remove(own)
  }
}

const beat = (directory: string, { key, token }: Lease): void => {
  const last = follow(directory, key).links.at(-1)
  // Written and not only touched: a write takes the time from the file system's clock, a touch from this host's clock.
  if (last?.token === token) writeFileSync(last.path, last.text, { flag: "r+" })
}

const release = (directory: string, { key, token }: Lease): void => {
  const { links } = follow(directory, key)
  // The lease is no longer ours if this process was suspended for so long that another host took over.
  if (links.at(-1)?.token !== token) return
  // Oldest first: as long as our own file exists, no other process can succeed the lease before ours.
  for (const link of links) remove(link.path)
}

interface Link {
  readonly path: string
  readonly text: string
  readonly token: string
}

/** The leases of a key, from the first to the present holder's, and the file name of the next lease. */
const follow = (directory: string, key: Key): { readonly links: ReadonlyArray<Link>; readonly free: string } => {
  const links: Array<Link> = []
  let path = join(directory, key)
  for (let text = read(path); text !== undefined; text = read(path)) {
    // After a power cut a lease may be unreadable, and its token too. Its place in the chain serves as a token.
    const token = Option.match(decodeHolder(text), {
      onNone: () => `${links.length}`,
      onSome: (holder) => holder.token,
    })
    links.push({ path, text, token })
    path = join(directory, `${key}.after.${token}`)
  }
  return { links, free: path }
}

const isAbandoned = ({ path, text }: Link, now: number): boolean => {
  const holder = decodeHolder(text)
  if (Option.isNone(holder)) return true
  const beaten = statSync(path, { throwIfNoEntry: false })?.mtimeMs
  // The lease was released at this moment. It is not abandoned, and a waiting process will ask again.
  return beaten !== undefined && isDead(holder.value, now - beaten)
}

const read = (path: string): string | undefined => {
  if (!existsSync(path)) return undefined // the usual case, and cheaper than an error
  try {
    return readRegular(path).toString()
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined
    throw cause
  }
}
