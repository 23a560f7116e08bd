import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import * as fc from "fast-check"
import { digestOf, type Digest } from "../../cache/digest.ts"
import { decodeRecord, encodeRecord } from "../../cache/record.ts"
import type { CacheRecord } from "../../cache/store.ts"
import { recordOf } from "./contract.ts"

const digest = fc.string().map((text): Digest => digestOf(text))
const blob = fc.record({ digest, size: fc.maxSafeNat() }, { noNullPrototype: true })
const record: fc.Arbitrary<CacheRecord> = fc.record(
  {
    outputs: fc.array(fc.record({ name: fc.string({ unit: "grapheme" }), digest, size: fc.maxSafeNat() }, { noNullPrototype: true })),
    provenance: blob,
    log: blob,
    seconds: fc.nat({ max: 10 ** 15 }).map((nanoseconds) => nanoseconds / 1e9),
    host: fc.string(),
    finished: fc.integer({ min: 0, max: 4e12 }),
  },
  { noNullPrototype: true },
)
const file = (path: string, text: string) => ({ path, digest: { hash: digestOf(text), sizeBytes: String(text.length) } })
const read = (text: string) => decodeRecord(Buffer.from(text))

describe("a record in bytes", () => {
  it("reads back as it was written", () => {
    fc.assert(fc.property(record, (value) => {
      assert.deepStrictEqual(decodeRecord(encodeRecord(value)), Option.some(value))
    }))
  })

  it("is an ActionResult of Bazel", () => {
    assert.deepStrictEqual(JSON.parse(Buffer.from(encodeRecord(recordOf(["abc"]))).toString()), {
      outputFiles: [file("output 0", "abc"), file(".provenance", "provenance")],
      exitCode: 0,
      stdoutDigest: file("", "log").digest,
      executionMetadata: {
        worker: "here",
        // date -u -d @1790000000.123 +%FT%T.%NZ, and 1.25 s before
        executionStartTimestamp: "2026-09-21T14:13:18.873000000Z",
        executionCompletedTimestamp: "2026-09-21T14:13:20.123000000Z",
      },
    })
  })

  it("is understood as a server prints it again, without zeros and with fields of its own", () => {
    const printed = `{"outputFiles":[{"path":"empty","digest":{"hash":"${digestOf("")}"},"isExecutable":false},
      {"path":".provenance","digest":{"hash":"${digestOf("p")}","sizeBytes":"1"}}],
      "stdoutDigest":{"hash":"${digestOf("")}"},
      "executionMetadata":{"executionStartTimestamp":"2026-09-21T13:33:18Z","executionCompletedTimestamp":"2026-09-21T13:33:20.5Z"}}`
    assert.deepStrictEqual(read(printed), Option.some({
      outputs: [{ name: "empty", digest: digestOf(""), size: 0 }],
      provenance: { digest: digestOf("p"), size: 1 },
      log: { digest: digestOf(""), size: 0 },
      seconds: 2.5,
      host: "",
      finished: Date.parse("2026-09-21T13:33:20.5Z"),
    }))
  })

  it("is none when it is torn, foreign, failed or without provenance", () => {
    const whole = Buffer.from(encodeRecord(recordOf(["a"]))).toString()
    for (let size = 0; size < whole.length; size++) assert.isTrue(Option.isNone(read(whole.slice(0, size))))
    assert.isTrue(Option.isNone(read(whole.replace(`"exitCode":0`, `"exitCode":1`))))
    assert.isTrue(Option.isNone(read(whole.replace(".provenance", "other"))))
    assert.isTrue(Option.isNone(read(whole.replace("2026-", "soon-"))))
  })

  it("refuses an output with the name kept for the provenance", () => {
    const value = recordOf(["a"])
    assert.throws(() => encodeRecord({ ...value, outputs: [{ ...value.outputs[0]!, name: ".provenance" }] }), TypeError)
  })
})
