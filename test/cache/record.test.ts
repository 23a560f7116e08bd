import { assert, describe, it } from "@effect/vitest"
import { Option } from "effect"
import * as fc from "fast-check"
import { digestOf, type Digest } from "../../cache/digest.ts"
import { decodeRecord, encodeRecord } from "../../cache/record.ts"
import type { CacheRecord } from "../../cache/store.ts"
import { keyOf, recordOf } from "./sample.ts"

const digest = fc.string().map((text): Digest => digestOf(text))
const blob = fc.record({ digest, size: fc.maxSafeNat() }, { noNullPrototype: true })
const record: fc.Arbitrary<CacheRecord> = fc.record(
  {
    outputs: fc.array(
      fc.record({ name: fc.string({ unit: "grapheme" }), digest, size: fc.maxSafeNat() }, { noNullPrototype: true }),
    ),
    provenance: blob,
    log: blob,
    seconds: fc.nat({ max: 10 ** 15 }).map((nanoseconds) => nanoseconds / 1e9),
    host: fc.string(),
    finished: fc.integer({ min: 0, max: 4e12 }),
  },
  { noNullPrototype: true },
)
const file = (path: string, text: string) => ({
  path,
  digest: { hash: digestOf(text), sizeBytes: String(text.length) },
})
const key = keyOf("node")
const read = (text: string) => decodeRecord(key, Buffer.from(text))
const sealIn = (text: string): string => /"name":"seal","value":"([0-9a-f]{64})"/.exec(text)![1]!

describe("a record in bytes", () => {
  it("reads back as it was written", () => {
    fc.assert(
      fc.property(record, (value) => {
        assert.deepStrictEqual(decodeRecord(key, encodeRecord(key, value)), Option.some(value))
      }),
    )
  })

  it("is an ActionResult of Bazel", () => {
    const text = Buffer.from(encodeRecord(key, recordOf(["abc"]))).toString()
    assert.deepStrictEqual(JSON.parse(text), {
      outputFiles: [
        file("output 0", "abc"),
        {
          ...file(".provenance", "provenance"),
          nodeProperties: { properties: [{ name: "seal", value: sealIn(text) }] },
        },
      ],
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
    const value: CacheRecord = {
      outputs: [{ name: "empty", digest: digestOf(""), size: 0 }],
      provenance: { digest: digestOf("p"), size: 1 },
      log: { digest: digestOf(""), size: 0 },
      seconds: 2.5,
      host: "",
      finished: Date.parse("2026-09-21T13:33:20.5Z"),
    }
    const seal = sealIn(Buffer.from(encodeRecord(key, value)).toString())
    const printed = `{"executionMetadata":{"executionCompletedTimestamp":"2026-09-21T13:33:20.5Z",
      "executionStartTimestamp":"2026-09-21T13:33:18Z"},
      "outputFiles":[{"path":"empty","digest":{"hash":"${digestOf("")}"},"isExecutable":false},
      {"digest":{"sizeBytes":"1","hash":"${digestOf("p")}"},"path":".provenance",
      "nodeProperties":{"properties":[{"name":"seal","value":"${seal}"}]}}],
      "stdoutDigest":{"hash":"${digestOf("")}"}}`
    assert.deepStrictEqual(read(printed), Option.some(value))
  })

  it("with any bit changed is none, or says what it said", () => {
    const value = { ...recordOf(["a"]), outputs: [{ name: "weights", digest: digestOf("a"), size: 1 }] }
    const whole = encodeRecord(key, value)
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const bytes = Uint8Array.from(whole)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const found = decodeRecord(key, bytes)
      if (Option.isSome(found)) assert.deepStrictEqual(found.value, value)
    }
  })

  it("under another key is none", () => {
    assert.isTrue(Option.isNone(decodeRecord(keyOf("other"), encodeRecord(key, recordOf(["a"])))))
  })

  it("is none when it is torn, foreign, failed or without provenance", () => {
    const whole = Buffer.from(encodeRecord(key, recordOf(["a"]))).toString()
    for (let size = 0; size < whole.length; size++) assert.isTrue(Option.isNone(read(whole.slice(0, size))))
    assert.isTrue(Option.isNone(read(whole.replace(`"exitCode":0`, `"exitCode":1`))))
    assert.isTrue(Option.isNone(read(whole.replace(".provenance", "other"))))
    assert.isTrue(Option.isNone(read(whole.replace("2026-", "soon-"))))
    assert.isTrue(Option.isNone(read(whole.replace(`"seal"`, `"sole"`))))
  })

  it("refuses an output with the name kept for the provenance", () => {
    const value = recordOf(["a"])
    assert.throws(
      () => encodeRecord(key, { ...value, outputs: [{ ...value.outputs[0]!, name: ".provenance" }] }),
      TypeError,
    )
  })
})
