// Is anybody at work on a store? Whoever computes or runs holds a lease; those of the dead do not count. For what
// must not be done beside others: collecting and mending. Knows nothing of what the leases are for.
import { randomUUID } from "node:crypto"
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Option, type Scope } from "effect"
import { attempt, systemCode } from "./border.ts"
import { digestOfValue, type Key } from "./digest.ts"
import { decodeHolder, isDead, type Holder } from "./holder.ts"
import { Store, type CacheError } from "./store.ts"

/** Says that somebody is at work until the scope closes, also where no node is being made. */
export const beAtWork: Effect.Effect<void, CacheError, Store | Scope.Scope> = Effect.flatMap(Store, (store) =>
  Effect.suspend(() => Effect.asVoid(store.claim(digestOfValue("at work", randomUUID()) as string as Key))),
)

/** The living who hold a lease in the store of a directory. */
export const holdersIn = (directory: string): Effect.Effect<ReadonlyArray<Holder>, CacheError> =>
  attempt(directory, () => leasesIn(directory).flatMap(({ holder, dead }) => (dead ? [] : [holder])))

/** Removes the leases that the dead left behind. Only for when nobody is alive to take one over. */
export const clearDead = (directory: string): Effect.Effect<void, CacheError> =>
  attempt(directory, () => {
    const leases = leasesIn(directory)
    if (leases.every(({ dead }) => dead)) for (const { path } of leases) rmSync(path, { force: true })
  })

const leasesIn = (directory: string) => {
  const claims = join(directory, "claims")
  // Those that begin with a dot are on their way in: nobody holds them yet.
  const names = readdirSync(claims).filter((name) => !name.startsWith("."))
  if (names.length === 0) return []
  const now = clockOf(claims)
  return names.flatMap((name) => {
    const path = join(claims, name)
    try {
      const { mtimeMs } = statSync(path)
      return Option.match(decodeHolder(readFileSync(path, "utf8")), {
        onNone: () => [],
        onSome: (holder) => [{ path, holder, dead: isDead(holder, now - mtimeMs) }],
      })
    } catch (cause) {
      // Given back in this moment.
      if (systemCode(cause) !== "ENOENT") throw cause
      return []
    }
  })
}

/** The file system's time, by which heartbeats are told on every host. */
const clockOf = (directory: string): number => {
  const probe = join(directory, `.${randomUUID()}`)
  try {
    writeFileSync(probe, "")
    return statSync(probe).mtimeMs
  } finally {
    rmSync(probe, { force: true })
  }
}
