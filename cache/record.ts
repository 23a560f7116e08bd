// Encodes a record in the proto-JSON form of Bazel's ActionResult, so that a Bazel HTTP cache can hold it unchanged and
// link it to its blobs. A seal over the key and the content shows a changed bit, or a record that is stored under
// another key. Knows nothing about files or of what an output means.
import { Effect, Option, Schema, SchemaTransformation } from "effect"
import { Digest, digestOf, type Key } from "./digest.ts"
import type { Blob, CacheRecord } from "./store.ts"

/** The paths at which provenance and code are listed as output files. No output may have these names. */
const provenancePath = ".provenance"
const codePaths = { text: ".code", map: ".code.map", packages: ".packages" } as const
const keptPaths: ReadonlySet<string> = new Set([provenancePath, ...Object.values(codePaths)])

const nanosecondsPerMillisecond = 1_000_000n
const nanosecondsPerSecond = 1_000_000_000n
const timestampText = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/

const timestampOf = (nanoseconds: bigint): string => {
  // BigInt division rounds towards zero. A start before 1970 must round down (a test's clock begins at 1970).
  const fraction = ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond
  const wholeSeconds = Number((nanoseconds - fraction) / nanosecondsPerSecond)
  return `${new Date(wholeSeconds * 1000).toISOString().slice(0, 19)}.${String(fraction).padStart(9, "0")}Z`
}

const nanosecondsOf = (timestamp: string): bigint => {
  const [, date, fraction = ""] = timestampText.exec(timestamp)!
  return BigInt(Date.parse(`${date}Z`)) * nanosecondsPerMillisecond + BigInt(fraction.padEnd(9, "0"))
}

// A date such as a thirteenth month is refused: its nanoseconds would be no number.
const Timestamp = Schema.String.check(
  Schema.makeFilter((text) => timestampText.test(text) && !Number.isNaN(Date.parse(text))),
).pipe(Schema.decodeTo(Schema.BigInt, SchemaTransformation.transform({ decode: nanosecondsOf, encode: timestampOf })))

// A server that parses and prints an ActionResult leaves out zeros and empty texts. An absent value means zero or
// empty.
const WireDigest = Schema.Struct({
  hash: Digest,
  sizeBytes: Schema.FiniteFromString.check(Schema.isInt()).pipe(Schema.withDecodingDefaultKey(Effect.succeed("0"))),
})

const ActionResult = Schema.Struct({
  outputFiles: Schema.Array(
    Schema.Struct({
      path: Schema.String,
      digest: WireDigest,
      /**
       * Only on the provenance: the seal, as a property of the file. A server keeps the property and does not read it.
       */
      nodeProperties: Schema.optionalKey(
        Schema.Struct({ properties: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })) }),
      ),
    }),
  ),
  // Only successful nodes are recorded.
  exitCode: Schema.Literal(0).pipe(Schema.withDecodingDefaultKey(Effect.succeed(0 as const))),
  stdoutDigest: WireDigest,
  executionMetadata: Schema.Struct({
    worker: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed(""))),
    executionStartTimestamp: Timestamp,
    executionCompletedTimestamp: Timestamp,
  }),
})
type ActionResult = typeof ActionResult.Type

const decodeAction = Schema.decodeUnknownOption(Schema.fromJsonString(ActionResult))

const said = ({ hash, sizeBytes }: typeof WireDigest.Type): string => `${hash} ${sizeBytes}`

/** The seal covers the content, not the bytes: a server may print the same content in another way. */
const sealOf = (key: Key, { outputFiles, stdoutDigest, executionMetadata }: ActionResult): string => {
  const { worker, executionStartTimestamp, executionCompletedTimestamp } = executionMetadata
  const files = outputFiles.map(({ path, digest }) => [path, said(digest)])
  return digestOf(
    JSON.stringify([
      "record 1",
      key,
      files,
      said(stdoutDigest),
      worker,
      String(executionStartTimestamp),
      String(executionCompletedTimestamp),
    ]),
  )
}
const sealed = (seal: string) => ({ properties: [{ name: "seal", value: seal }] })

const toWire = (blob: Blob): typeof WireDigest.Type => ({ hash: blob.digest, sizeBytes: blob.size })
// Written without the Schema: our own data needs no check, and a run writes ten thousand records.
const textOf = (action: ActionResult): string =>
  JSON.stringify(action, (name, value: unknown) =>
    typeof value === "bigint" ? timestampOf(value) : name === "sizeBytes" ? String(value) : value,
  )
const fromWire = (wire: typeof WireDigest.Type): Blob => ({ digest: wire.hash, size: wire.sizeBytes })

const parts = ["text", "map", "packages"] as const

const codeIn = (files: ActionResult["outputFiles"]): Pick<CacheRecord, "code"> => {
  const [text, map, packages] = parts
    .map((part) => files.find(({ path }) => path === codePaths[part]))
    .map((file) => file && fromWire(file.digest))
  return text === undefined || map === undefined || packages === undefined ? {} : { code: { text, map, packages } }
}

/** The bytes of the record of a key. Throws a TypeError if an output has a name reserved for provenance or code. */
export const encodeRecord = (key: Key, record: CacheRecord): Uint8Array => {
  const kept = record.outputs.find(({ name }) => keptPaths.has(name))
  if (kept !== undefined) throw new TypeError(`an output cannot be called ${kept.name}`)
  const completed = BigInt(record.finished) * nanosecondsPerMillisecond
  const { code: made } = record
  const code = made === undefined ? [] : parts.map((part) => ({ path: codePaths[part], digest: toWire(made[part]) }))
  const outputs = [...record.outputs.map((output) => ({ path: output.name, digest: toWire(output) })), ...code]
  const provenance = { path: provenancePath, digest: toWire(record.provenance) }
  const action: ActionResult = {
    outputFiles: [...outputs, provenance],
    exitCode: 0,
    stdoutDigest: toWire(record.log),
    executionMetadata: {
      worker: record.host,
      executionStartTimestamp: completed - BigInt(Math.round(record.seconds * 1e9)),
      executionCompletedTimestamp: completed,
    },
  }
  return Buffer.from(
    textOf({ ...action, outputFiles: [...outputs, { ...provenance, nodeProperties: sealed(sealOf(key, action)) }] }),
  )
}

/** The record of a key, decoded from bytes; none if the bytes are torn, changed, foreign or of a failed action. */
export const decodeRecord = (key: Key, bytes: Uint8Array): Option.Option<CacheRecord> =>
  Option.flatMap(decodeAction(Buffer.from(bytes).toString()), (action) => {
    const { outputFiles, stdoutDigest, executionMetadata } = action
    const provenance = outputFiles.find((file) => file.path === provenancePath)
    if (provenance?.nodeProperties?.properties.find(({ name }) => name === "seal")?.value !== sealOf(key, action))
      return Option.none()
    const { worker, executionStartTimestamp, executionCompletedTimestamp } = executionMetadata
    return Option.some({
      outputs: outputFiles
        .filter(({ path }) => !keptPaths.has(path))
        .map(({ path, digest }) => ({ name: path, digest: digest.hash, size: digest.sizeBytes })),
      provenance: fromWire(provenance.digest),
      ...codeIn(outputFiles),
      log: fromWire(stdoutDigest),
      seconds: Number(executionCompletedTimestamp - executionStartTimestamp) / 1e9,
      host: worker,
      finished: Number(executionCompletedTimestamp / nanosecondsPerMillisecond),
    })
  })
