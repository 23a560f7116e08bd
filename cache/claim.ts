// Who may work on a key? A lease is a file that only one process can create. The lease of a dead process is not
// removed but *succeeded*: the taker creates `<key>.after.<token of the dead>`, which again only one can, so no
// taker ever touches a file that has come to belong to somebody else. The last of the chain holds the key.
// Knows nothing of what is done under a lease.
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

/** Leases kept as files in a directory that exists. */
export const claimIn = (directory: string): ((key: Key) => Effect.Effect<boolean, CacheError, Scope.Scope>) =>
  Effect.fnUntraced(function* (key: Key) {
    const lease = yield* Effect.acquireRelease(
      Effect.andThen(
        present(directory),
        attempt(key, () => take(directory, key)),
      ),
      (lease) => {
        if (lease === undefined) return Effect.void
        // One that cannot be given back ends with this process, which will not need it again.
        return Effect.ignore(attempt(key, () => release(directory, lease)))
      },
    )
    if (lease === undefined) return false
    // A beat that fails loses the lease at worst, and then two runs do the same work: still right.
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
  // Written whole under a name of its own first: nobody ever reads half a lease.
  const own = join(directory, `.${token}`)
  try {
    writeFileSync(own, encodeHolder(thisProcess(token)), { flag: "wx" })
    for (;;) {
      const before = follow(directory, key)
      const last = before.links.at(-1)
      // Both times are the file system's, so that hosts whose clocks differ agree.
      if (last !== undefined && !isAbandoned(last, statSync(own).mtimeMs)) return undefined
      if (!linkNew(own, before.free)) continue
      // The chain may have been given back and begun anew while we looked: then ours hangs on nothing. The first of a
      // chain hangs on nothing anyway.
      if (last === undefined || follow(directory, key).links.at(-1)?.token === token) return { key, token }
      remove(before.free)
    }
  } finally {
    remove(own)
  }
}

const beat = (directory: string, { key, token }: Lease): void => {
  const last = follow(directory, key).links.at(-1)
  // Written rather than touched: then the file system's clock sets the time, not this host's.
  if (last?.token === token) writeFileSync(last.path, last.text, { flag: "r+" })
}

const release = (directory: string, { key, token }: Lease): void => {
  const { links } = follow(directory, key)
  // Not ours any more if we were suspended for so long that another host took over.
  if (links.at(-1)?.token !== token) return
  // Oldest first: as long as our own file is there, nobody else can succeed the one before us.
  for (const link of links) remove(link.path)
}

interface Link {
  readonly path: string
  readonly text: string
  readonly token: string
}

/** The leases of a key from the first to the present holder's, and the name under which the next would be. */
const follow = (directory: string, key: Key): { readonly links: ReadonlyArray<Link>; readonly free: string } => {
  const links: Array<Link> = []
  let path = join(directory, key)
  for (let text = read(path); text !== undefined; text = read(path)) {
    // Unreadable after a power cut, and so is its token; its place in the chain is as good a name.
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
  // Given back in this moment: not abandoned, and whoever waits will ask again.
  return beaten !== undefined && isDead(holder.value, now - beaten)
}

const read = (path: string): string | undefined => {
  if (!existsSync(path)) return undefined // nearly always, and cheaper than an error
  try {
    return readRegular(path).toString()
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined
    throw cause
  }
}
