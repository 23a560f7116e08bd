// Bytes, keys and records to store, made of texts. Loaded by child processes too, so nothing of the test runner.
import { digestOf, digestOfValue, type Key } from "../../cache/digest.ts"
import type { CacheRecord } from "../../cache/store.ts"

export const bytesOf = (text: string): Uint8Array => Buffer.from(text)
export const keyOf = (name: string): Key => digestOfValue("test", name) as string as Key

/** A record of outputs that hold these texts. */
export const recordOf = (texts: ReadonlyArray<string>): CacheRecord => ({
  outputs: texts.map((text, i) => ({ name: `output ${i}`, digest: digestOf(text), size: bytesOf(text).length })),
  provenance: { digest: digestOf("provenance"), size: 10 },
  log: { digest: digestOf("log"), size: 3 },
  seconds: 1.25,
  host: "here",
  finished: 1_790_000_000_123,
})
