// Is anybody at work on a store? Whoever computes or runs holds a lease; those of the dead do not count. For what
// must not be done beside others: collecting and mending. Knows nothing of what the leases are for.
import { randomUUID } from "node:crypto"
import { readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Option, type Scope } from "effect"
import { remove } from "./atomic.ts"
import { attempt, systemCode } from "./system-error.ts"
import { digestOfValue, type Key } from "./digest.ts"
import { decodeHolder, isDead, silence, type Holder } from "./holder.ts"
import { kindOf } from "./paths.ts"
import { readRegular } from "./regular.ts"
import { Store, type CacheError } from "./store.ts"

/** Says that somebody is at work until the scope closes, also where no node is being made. */
export const beAtWork: Effect.Effect<void, CacheError, Store | Scope.Scope> = Effect.flatMap(Store, (store) =>
  Effect.suspend(() => Effect.asVoid(store.claim(digestOfValue("at work", randomUUID()) as string as Key))),
)

/** The living who hold a lease in the store of a directory. */
export const holdersIn = (directory: string): Effect.Effect<ReadonlyArray<Holder>, CacheError> =>
  attempt(directory, () => leasesIn(directory, isHeld).flatMap(living))

/**
 * Removes the leases that the dead left behind, held or on their way in. Only for when nobody is alive to take one
 * over.
 */
export const clearDead = (directory: string): Effect.Effect<void, CacheError> =>
  attempt(directory, () => {
    const leases = leasesIn(directory, () => true)
    if (leases.flatMap(living).length > 0) return
    for (const { path, dead } of leases) if (dead) remove(path)
  })

interface Lease {
  readonly path: string
  /** None where it was not written whole. */
  readonly holder: Option.Option<Holder>
  readonly dead: boolean
}

const living = ({ holder, dead }: Lease): ReadonlyArray<Holder> => (dead ? [] : Option.toArray(holder))

// Those that begin with a dot are on their way in: nobody holds them yet.
const isHeld = (name: string): boolean => !name.startsWith(".")

const leasesIn = (directory: string, wanted: (name: string) => boolean): ReadonlyArray<Lease> => {
  const claims = join(directory, "claims")
  const names = readdirSync(claims).filter((name) => kindOf(`claims/${name}`) === "lease" && wanted(name))
  if (names.length === 0) return []
  const now = clockOf(claims)
  return names.flatMap((name) => {
    const path = join(claims, name)
    try {
      const silent = now - statSync(path).mtimeMs
      const holder = decodeHolder(readRegular(path).toString())
      return [
        {
          path,
          holder,
          dead: Option.match(holder, { onNone: () => silent > silence, onSome: (known) => isDead(known, silent) }),
        },
      ]
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
    remove(probe)
  }
}
