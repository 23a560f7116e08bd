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
  "Gone", // the directory of the store is not there any more
  "Foreign", // a directory of other files, which is no store
  "Exhausted", // too many open files
  "NotAFile", // something that has no bytes of its own, or no end: a folder, a pipe, a device
  "Unreadable", // a file from outside that the system does not let us read
  "Changing", // a file from outside that was written while it was read
  "Unavailable", // anything else the system answered
])
export type CacheReason = typeof CacheReason.Type

export class CacheError extends Schema.TaggedError<CacheError>()("CacheError", {
  reason: CacheReason,
  /** The path, digest or key it happened to. */
  what: Schema.String,
  cause: Schema.optionalKey(Schema.Defect()),
}) {}

/** Stored bytes: their name and how many they are. */
export const Blob = Schema.Struct({ digest: Digest, size: Schema.Int })
export type Blob = typeof Blob.Type

/** One stored output of a node. */
export const Stored = Schema.Struct({ name: Schema.String, ...Blob.fields })
export type Stored = typeof Stored.Type

/** What a finished node left: written last, once all its blobs are there. */
export const CacheRecord = Schema.Struct({
  outputs: Schema.Array(Stored),
  /** Canonical JSON of the key's parts, seconds, memory, host: for people and for `why`, never for decisions. */
  provenance: Blob,
  log: Blob,
  /** What computed it, where that was a text: the text, the way from it back to files, what packages it was given. */
  code: Schema.optionalKey(Schema.Struct({ text: Blob, map: Blob, packages: Blob })),
  /** Kept to the nanosecond. */
  seconds: Schema.Finite,
  host: Schema.String,
  /** Milliseconds since 1970. */
  finished: Schema.Int,
})
export type CacheRecord = typeof CacheRecord.Type

/** What a finished node left, as far as a plan wants to know. */
export type Known = Pick<CacheRecord, "outputs" | "provenance" | "seconds">

export class Store extends Context.Service<
  Store,
  {
    /** Stores bytes and returns their digest. Storing the same bytes again changes nothing. */
    readonly put: (bytes: Uint8Array) => Effect.Effect<Digest, CacheError>
    /**
     * Stores a file's bytes, digesting them while they are copied. The file's digest is remembered by its stat.
     * `Missing`, `NotAFile`, `Unreadable` and `Changing` speak of the file, every other reason of the store.
     */
    readonly putFile: (path: string) => Effect.Effect<Blob, CacheError>
    /** The bytes of a digest, verified. A blob that does not have its digest is put aside: `Damaged`. */
    readonly get: (digest: Digest) => Effect.Effect<Uint8Array, CacheError>
    /** Whether `get` would succeed: by the memo of the last verified read where that still holds, else by hashing. */
    readonly has: (digest: Digest) => Effect.Effect<boolean, CacheError>
    /** Removes a blob on purpose: its record still stands, and whoever `get`s it makes it a missing one. */
    readonly drop: (digest: Digest) => Effect.Effect<void, CacheError>
    /** Whether a blob that is not there was dropped on purpose, and nobody has asked for it since. */
    readonly dropped: (digest: Digest) => Effect.Effect<boolean, CacheError>
    /** The record of a key, as it was written; its blobs may be gone, ask `has`. A torn record counts as none. */
    readonly record: (key: Key) => Effect.Effect<Option.Option<CacheRecord>, CacheError>
    /**
     * What a key's record says, where it and all its outputs are as they were when they were last verified; for a
     * plan of a hundred thousand nodes. Undefined where that cannot be told at once: ask `record` and `has`.
     */
    readonly known: (key: Key) => Known | undefined
    /**
     * Writes a record; where one was there, the first stays and is returned, unless an output of it is gone.
     * An output of the new record that was never stored is `Missing`: no record without its blobs.
     */
    readonly publish: (key: Key, record: CacheRecord) => Effect.Effect<CacheRecord, CacheError>
    /** Removes the record of a key, in one move, and says whether there was one. Its blobs stay. */
    readonly forget: (key: Key) => Effect.Effect<boolean, CacheError>
    /** An exclusive lease on a key until the scope closes: true if we hold it, false if a living run does. */
    readonly claim: (key: Key) => Effect.Effect<boolean, CacheError, Scope.Scope>
  }
>()("cache/Store") {}
