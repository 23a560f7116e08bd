// Where are the bytes? The port of every store: blobs by digest, records by key, and an exclusive lease per
// key so that two runs do not do the same work. Refuses to know what a record is about.
import { Context, Schema, type Effect, type Option, type Scope } from "effect"
import { Digest, type Key } from "./digest.ts"

/** What can go wrong in a store, and nothing else. */
export const CacheReason = Schema.Literals([
  "Missing", // no such blob
  "Damaged", // bytes that do not have their digest; they were put aside
  "Full", // no room left
  "Denied", // may not write or read there
  "Unavailable", // anything else the system answered
])
export type CacheReason = typeof CacheReason.Type

export class CacheError extends Schema.TaggedError<CacheError>()("CacheError", {
  reason: CacheReason,
  /** The path, digest or key it happened to. */
  what: Schema.String,
  cause: Schema.optionalKey(Schema.Defect()),
}) {}

/** One stored output of a node. */
export const Stored = Schema.Struct({ name: Schema.String, digest: Digest, size: Schema.Int })
export type Stored = typeof Stored.Type

/** What a finished node left: written last, once all its blobs are there. */
export interface CacheRecord {
  readonly outputs: ReadonlyArray<Stored>
  /** Canonical JSON of the key's parts, seconds, memory, host: for people and for `why`, never for decisions. */
  readonly provenance: Digest
  readonly log: Digest
  readonly seconds: number
  readonly host: string
  /** Milliseconds since 1970. */
  readonly finished: number
}

export class Store extends Context.Service<Store, {
  /** Stores bytes and returns their digest. Storing the same bytes again changes nothing. */
  readonly put: (bytes: Uint8Array) => Effect.Effect<Stored["digest"], CacheError>
  /** Stores a file's bytes, digesting them while they are copied. The file's digest is remembered by its stat. */
  readonly putFile: (path: string) => Effect.Effect<{ readonly digest: Digest; readonly size: number }, CacheError>
  /** The bytes of a digest, verified. A blob that does not have its digest is put aside: `Damaged`. */
  readonly get: (digest: Digest) => Effect.Effect<Uint8Array, CacheError>
  /** Whether `get` would succeed: by the memo of the last verified read where that still holds, else by hashing. */
  readonly has: (digest: Digest) => Effect.Effect<boolean, CacheError>
  /** The record of a key, as it was written; its blobs may be gone, ask `has`. A torn record counts as none. */
  readonly record: (key: Key) => Effect.Effect<Option.Option<CacheRecord>, CacheError>
  /** Writes a record; where one was there, the first stays and is returned, unless its blobs are gone. */
  readonly publish: (key: Key, record: CacheRecord) => Effect.Effect<CacheRecord, CacheError>
  /** An exclusive lease on a key until the scope closes: true if we hold it, false if a living run does. */
  readonly claim: (key: Key) => Effect.Effect<boolean, CacheError, Scope.Scope>
}>()("cache/Store") {}
