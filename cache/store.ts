// The port of every store: blobs by digest, records by key, and an exclusive lease per key, so that two runs do not do
// the same work. Knows nothing about what a record is about.
import { Context, Schema, type Effect, type Option, type Scope } from "effect"
import { Digest, type Key } from "./digest.ts"

/** All that can go wrong in a store. */
export const CacheReason = Schema.Literals([
  "Missing", // no such blob
  "Damaged", // bytes that do not have their digest; they were put aside
  "Full", // no room left
  "Denied", // may not write or read there
  "Gone", // the directory of the store has vanished
  "Foreign", // a directory with other files, not a store
  "Exhausted", // too many open files
  "NotAFile", // a path that has no bytes of its own, or no end: a folder, a pipe, a device
  "Unreadable", // a file from outside that the system does not let us read
  "Changing", // a file from outside that changed while it was read
  "Unavailable", // any other error of the system
])
export type CacheReason = typeof CacheReason.Type

export class CacheError extends Schema.TaggedError<CacheError>()("CacheError", {
  reason: CacheReason,
  /** The path, digest or key that the error is about. */
  what: Schema.String,
  cause: Schema.optionalKey(Schema.Defect()),
}) {}

/** Stored bytes: their digest and their number. */
export const Blob = Schema.Struct({ digest: Digest, size: Schema.Int })
export type Blob = typeof Blob.Type

/** One stored output of a node. */
export const Stored = Schema.Struct({ name: Schema.String, ...Blob.fields })
export type Stored = typeof Stored.Type

/** The result of a finished node. It is written last, after all its blobs. */
export const CacheRecord = Schema.Struct({
  outputs: Schema.Array(Stored),
  /** Canonical JSON of the key's parts, seconds, memory, host. It is for people and for `why`, never for decisions. */
  provenance: Blob,
  log: Blob,
  /**
   * The code that computed the outputs, if a text ran: the text, the map from the text to files, the packages it was
   * given.
   */
  code: Schema.optionalKey(Schema.Struct({ text: Blob, map: Blob, packages: Blob })),
  /** Kept to the nanosecond. */
  seconds: Schema.Finite,
  host: Schema.String,
  /** Milliseconds since 1970. */
  finished: Schema.Int,
})
export type CacheRecord = typeof CacheRecord.Type

/** The part of a record that a plan needs. */
export type Known = Pick<CacheRecord, "outputs" | "provenance" | "seconds">

export class Store extends Context.Service<
  Store,
  {
    /** Stores bytes and returns their digest. Storing the same bytes again changes nothing. */
    readonly put: (bytes: Uint8Array) => Effect.Effect<Digest, CacheError>
    /**
     * Stores a file's bytes and digests them during the copy. The memo keeps the file's digest under the file's stat.
     * `Missing`, `NotAFile`, `Unreadable` and `Changing` are about the file, every other reason about the store.
     */
    readonly putFile: (path: string) => Effect.Effect<Blob, CacheError>
    /**
     * The verified bytes of a digest. Fails with `Damaged`, and puts the blob aside, if the bytes have another digest.
     */
    readonly get: (digest: Digest) => Effect.Effect<Uint8Array, CacheError>
    /**
     * Whether `get` would succeed. Uses the memo of the last verified read if that is still valid; otherwise hashes the
     * blob.
     */
    readonly has: (digest: Digest) => Effect.Effect<boolean, CacheError>
    /** Removes a blob on purpose. Its record stays valid. If somebody `get`s the blob later, it counts as lost. */
    readonly drop: (digest: Digest) => Effect.Effect<void, CacheError>
    /** Whether a missing blob was dropped on purpose, and nobody has asked for it since. */
    readonly dropped: (digest: Digest) => Effect.Effect<boolean, CacheError>
    /** The record of a key, as it was written. Its blobs may be gone: ask `has`. A torn record counts as none. */
    readonly record: (key: Key) => Effect.Effect<Option.Option<CacheRecord>, CacheError>
    /**
     * The content of a key's record, if the record and all its outputs are unchanged since they were last verified. It
     * is for plans of a hundred thousand nodes. Undefined if this needs more than a look: then ask `record` and `has`.
     */
    readonly known: (key: Key) => Known | undefined
    /**
     * Writes a record and returns it. If the key has a record already, that first record stays and is returned, unless
     * one of its outputs is gone. Fails with `Missing` if an output of the new record was never stored: there is no
     * record without its blobs.
     */
    readonly publish: (key: Key, record: CacheRecord) => Effect.Effect<CacheRecord, CacheError>
    /** Removes the record of a key in one move, and returns whether there was one. Its blobs stay. */
    readonly forget: (key: Key) => Effect.Effect<boolean, CacheError>
    /**
     * An exclusive lease on a key until the scope closes: true if we hold the lease, false if another living run holds
     * it.
     */
    readonly claim: (key: Key) => Effect.Effect<boolean, CacheError, Scope.Scope>
  }
>()("cache/Store") {}
