// How does a record look outside? As the proto-JSON of Bazel's ActionResult, so that a Bazel HTTP cache holds
// it unchanged and ties it to its blobs. Knows nothing of files, keys or of what an output means.
import { Effect, Option, Schema, SchemaTransformation } from "effect"
import { Digest } from "./digest.ts"
import type { Blob, CacheRecord } from "./store.ts"

/** The path under which the provenance travels as one more output file; no output may have this name. */
const provenancePath = ".provenance"

const nanosecondsPerMillisecond = 1_000_000n
const nanosecondsPerSecond = 1_000_000_000n
const timestampText = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/

const timestampOf = (nanoseconds: bigint): string => {
  // BigInt division rounds towards zero; a start before 1970 (a test's clock begins there) must round down.
  const fraction = ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond
  const wholeSeconds = Number((nanoseconds - fraction) / nanosecondsPerSecond)
  return `${new Date(wholeSeconds * 1000).toISOString().slice(0, 19)}.${String(fraction).padStart(9, "0")}Z`
}

const nanosecondsOf = (timestamp: string): bigint => {
  const [, date, fraction = ""] = timestampText.exec(timestamp)!
  return BigInt(Date.parse(`${date}Z`)) * nanosecondsPerMillisecond + BigInt(fraction.padEnd(9, "0"))
}

const Timestamp = Schema.String.check(Schema.isPattern(timestampText)).pipe(
  Schema.decodeTo(Schema.BigInt, SchemaTransformation.transform({ decode: nanosecondsOf, encode: timestampOf })),
)

// Servers that parse and print an ActionResult again leave out zeros and empty texts: absent means zero.
const WireDigest = Schema.Struct({
  hash: Digest,
  sizeBytes: Schema.FiniteFromString.check(Schema.isInt()).pipe(Schema.withDecodingDefaultKey(Effect.succeed("0"))),
})

const ActionResult = Schema.fromJsonString(
  Schema.Struct({
    outputFiles: Schema.Array(Schema.Struct({ path: Schema.String, digest: WireDigest })),
    // Only what succeeded is recorded.
    exitCode: Schema.Literal(0).pipe(Schema.withDecodingDefaultKey(Effect.succeed(0 as const))),
    stdoutDigest: WireDigest,
    executionMetadata: Schema.Struct({
      worker: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed(""))),
      executionStartTimestamp: Timestamp,
      executionCompletedTimestamp: Timestamp,
    }),
  }),
)

const encodeAction = Schema.encodeSync(ActionResult)
const decodeAction = Schema.decodeUnknownOption(ActionResult)

const toWire = (blob: Blob): typeof WireDigest.Type => ({ hash: blob.digest, sizeBytes: blob.size })
const fromWire = (wire: typeof WireDigest.Type): Blob => ({ digest: wire.hash, size: wire.sizeBytes })

/** The bytes of a record. Throws a TypeError for an output that has the name kept for the provenance. */
export const encodeRecord = (record: CacheRecord): Uint8Array => {
  if (record.outputs.some((output) => output.name === provenancePath)) {
    throw new TypeError(`an output cannot be called ${provenancePath}`)
  }
  const completed = BigInt(record.finished) * nanosecondsPerMillisecond
  return Buffer.from(
    encodeAction({
      outputFiles: [
        ...record.outputs.map((output) => ({ path: output.name, digest: toWire(output) })),
        { path: provenancePath, digest: toWire(record.provenance) },
      ],
      exitCode: 0,
      stdoutDigest: toWire(record.log),
      executionMetadata: {
        worker: record.host,
        executionStartTimestamp: completed - BigInt(Math.round(record.seconds * 1e9)),
        executionCompletedTimestamp: completed,
      },
    }),
  )
}

/** The record in some bytes; none if they are torn, foreign or of a failed action. */
export const decodeRecord = (bytes: Uint8Array): Option.Option<CacheRecord> =>
  Option.flatMap(decodeAction(Buffer.from(bytes).toString()), ({ outputFiles, stdoutDigest, executionMetadata }) => {
    const provenance = outputFiles.find((file) => file.path === provenancePath)
    if (provenance === undefined) return Option.none()
    const { worker, executionStartTimestamp, executionCompletedTimestamp } = executionMetadata
    return Option.some({
      outputs: outputFiles
        .filter((file) => file !== provenance)
        .map(({ path, digest }) => ({ name: path, digest: digest.hash, size: digest.sizeBytes })),
      provenance: fromWire(provenance.digest),
      log: fromWire(stdoutDigest),
      seconds: Number(executionCompletedTimestamp - executionStartTimestamp) / 1e9,
      host: worker,
      finished: Number(executionCompletedTimestamp / nanosecondsPerMillisecond),
    })
  })
