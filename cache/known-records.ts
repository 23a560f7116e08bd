// What does a record say, without reading it again? The memo of a disk's store keeps what records say beside what
// was found of blobs, so that a file's stat is all that a hit costs. Knows nothing of how blobs are kept.
import { Clock, Effect, Option } from "effect"
import { attempt, isAnswer } from "./system-error.ts"
import type { Digest, Key } from "./digest.ts"
import { look, type Memo, type Seen } from "./memo.ts"
import type { CacheError, CacheRecord, Known, Store } from "./store.ts"

type Records = Pick<Store["Service"], "record" | "publish">

// A blob may be called by the same digits.
const nameOf = (key: Key): string => `record ${key}`
const said = ({ outputs, provenance, seconds }: CacheRecord): string =>
  JSON.stringify({ outputs, provenance, seconds } satisfies Known)

/** Records that are remembered: `pathOf` says where each is kept, `isVerified` whether a blob is as it was. */
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
      if (seen === undefined) return Option.none() // half of all that is asked, and cheaper than an error
      const found = yield* record(key)
      if (Option.isSome(found)) memo.remember(nameOf(key), said(found.value), seen, yield* Clock.currentTimeMillis)
      return found
    }),
    publish: Effect.fnUntraced(function* (key, candidate) {
      const standing = yield* publish(key, candidate)
      const seen = standing === candidate ? yield* lookAt(key) : undefined
      if (seen !== undefined) memo.vouch(nameOf(key), said(candidate), seen)
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
        // Whoever asks `record` next is told.
        if (!isAnswer(cause)) throw cause
        return undefined
      }
    },
  }
}
