// Remembers the content of records, so that a record is not read again. The memo of a store on disk keeps it beside the
// results of verifying blobs, and a hit costs only the stat of a file. Knows nothing about how blobs are kept.
import { Clock, Effect, Option } from "effect"
import { attempt, isSystemError } from "./system-error.ts"
import type { Digest, Key } from "./digest.ts"
import { look, type Memo, type Seen } from "./memo.ts"
import type { CacheError, CacheRecord, Known, Store } from "./store.ts"

type Records = Pick<Store["Service"], "record" | "publish">

// The prefix is needed because a blob may have the same hex digits as its name.
const nameOf = (key: Key): string => `record ${key}`
const said = ({ outputs, provenance, seconds }: CacheRecord): string =>
  JSON.stringify({ outputs, provenance, seconds } satisfies Known)

/**
 * `record`, `publish` and `known` with a memo. `pathOf` gives a record's path, `isVerified` whether a blob is
 * unchanged.
 */
export const rememberedIn = (
  memo: Memo,
  pathOf: (key: Key) => string,
  isVerified: (digest: Digest) => boolean,
  { record, publish }: Records,
): Records & Pick<Store["Service"], "known"> => {
  const lookAt = (key: Key): Effect.Effect<Seen | undefined, CacheError> => attempt(key, () => look(pathOf(key)))

  return {
    record: Effect.fnUntraced(function* (key) {
      const seen = yield* lookAt(key)
      if (seen === undefined) return Option.none() // half of all calls, and cheaper than an error
      const found = yield* record(key)
      if (Option.isSome(found)) memo.remember(nameOf(key), said(found.value), seen, yield* Clock.currentTimeMillis)
      return found
    }),
    publish: Effect.fnUntraced(function* (key, candidate) {
      const standing = yield* publish(key, candidate)
      const seen = standing === candidate ? yield* lookAt(key) : undefined
      if (seen !== undefined) memo.rememberOwn(nameOf(key), said(candidate), seen)
      return standing
    }),
    known: (key) => {
      try {
        const seen = look(pathOf(key))
        const text = seen && memo.recall(nameOf(key), seen)
        if (text === undefined) return undefined
        const known = JSON.parse(text) as Known
        return known.outputs.every(({ digest }) => isVerified(digest)) ? known : undefined
      } catch (cause) {
        // The next call of `record` reports the error.
        if (!isSystemError(cause)) throw cause
        return undefined
      }
    },
  }
}
