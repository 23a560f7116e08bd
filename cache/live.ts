// Tells whether anybody is at work on a store. Every process that computes or runs holds a lease; leases of dead
// processes do not count. Collecting and mending need this, because they must not run beside other work. Knows nothing
// of what the leases are for.
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

/** Says that this process is at work until the scope closes, even while it makes no node. */
export const beAtWork: Effect.Effect<void, CacheError, Store | Scope.Scope> = Effect.flatMap(Store, (store) =>
  Effect.suspend(() => Effect.asVoid(store.claim(digestOfValue("at work", randomUUID()) as string as Key))),
)

/** The living holders of leases in the store of a directory. */
export const holdersIn = (directory: string): Effect.Effect<ReadonlyArray<Holder>, CacheError> =>
  attempt(directory, () => leasesIn(directory, isHeld).flatMap(living))

/**
 * Removes the leases of dead processes, both held and half-made. Does so only if no living process holds a lease: a
 * living process might be taking a dead one's lease over.
 */
export const clearDead = (directory: string): Effect.Effect<void, CacheError> =>
  attempt(directory, () => {
    const leases = leasesIn(directory, () => true)
    if (leases.flatMap(living).length > 0) return
    for (const { path, dead } of leases) if (dead) remove(path)
  })

interface Lease {
  readonly path: string
  /** None if the lease was not written whole. */
  readonly holder: Option.Option<Holder>
  readonly dead: boolean
}

const living = ({ holder, dead }: Lease): ReadonlyArray<Holder> => (dead ? [] : Option.toArray(holder))

// A name that begins with a dot is a temporary file: nobody holds that lease yet.
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
      // The lease was released at this moment.
      if (systemCode(cause) !== "ENOENT") throw cause
      return []
    }
  })
}

/** The file system's time. All hosts compare heartbeats with this clock. */
const clockOf = (directory: string): number => {
  const probe = join(directory, `.${randomUUID()}`)
  try {
    writeFileSync(probe, "")
    return statSync(probe).mtimeMs
  } finally {
    remove(probe)
  }
}
