// The sentences people read, to the letter.
import { describe, expect, it } from "vitest"
import type { Digest, Key } from "../../../cache/digest.ts"
import { CacheError } from "../../../cache/store.ts"
import { ExecutorError } from "../../../pipeline/error.ts"
import * as keys from "../../../pipeline/key/message.ts"
import { line } from "../../../pipeline/printer/message.ts"
import * as message from "../../../pipeline/run/message.ts"
import * as amount from "../../../pipeline/text/amount.ts"
import { failure } from "../../../pipeline/text/failure.ts"

const digest = (letter: string): Digest => letter.repeat(64) as Digest
describe("the last line of a run", () => {
  it("is as documented", () => {
    expect(
      message.summary(
        { hit: 90, joined: 2, run: 28, failed: 0, skipped: 0 },
        { passed: 9, excludes: 0, differs: 0, contradicts: 0, open: 0, failed: 0, unjudged: 0 },
        41.23,
      ),
    ).toBe("120 nodes: 90 hit, 2 joined, 28 run, 0 failed, 0 skipped · 9 checks: 9 passed, 0 failed · 41.2 s")
  })

  it("counts what was left out, where something was", () => {
    expect(
      message.summary(
        { hit: 3, joined: 0, run: 1, failed: 0, skipped: 0 },
        { passed: 1, excludes: 0, differs: 0, contradicts: 0, open: 0, failed: 0, unjudged: 1 },
        1,
        52,
      ),
    ).toBe(
      "56 nodes: 3 hit, 0 joined, 1 run, 0 failed, 0 skipped, 52 left out · 2 checks: 1 passed, 0 failed, 1 " +
        "not judged · 1.0 s",
    )
  })

  it("counts one node and one check, and what was not judged", () => {
    expect(
      message.summary(
        { hit: 0, joined: 0, run: 0, failed: 1, skipped: 0 },
        { passed: 0, excludes: 0, differs: 0, contradicts: 0, open: 0, failed: 0, unjudged: 1 },
        0,
      ),
    ).toBe("1 node: 0 hit, 0 joined, 0 run, 1 failed, 0 skipped · 1 check: 0 passed, 0 failed, 1 not judged · 0.0 s")
  })
})

describe("amounts", () => {
  it("of time are seconds, minutes or hours", () => {
    expect([0, 0.04, 59.9, 60, 61, 119.4, 3599, 3600, 5400, 7260].map(amount.seconds)).toEqual([
      "0.0 s",
      "0.0 s",
      "59.9 s",
      "1 min 0 s",
      "1 min 1 s",
      "1 min 59 s",
      "59 min 59 s",
      "1 h 0 min",
      "1 h 30 min",
      "2 h 1 min",
    ])
  })

  it("of time never show sixty of anything", () => {
    expect([59.97, 119.7, 3599.6, 7199].map(amount.seconds)).toEqual([
      "1 min 0 s",
      "2 min 0 s",
      "1 h 0 min",
      "2 h 0 min",
    ])
  })

  it("of bytes have three digits or so", () => {
    expect([0, 999, 1000, 1_500_000, 12e9, 3e15].map(amount.bytes)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "1.5 MB",
      "12.0 GB",
      "3000.0 TB",
    ])
  })
})

describe("a reason", () => {
  it("is the first run, what is missing, or what changed", () => {
    expect(keys.reason({ _tag: "FirstRun" })).toBe("first run")
    expect(keys.reason({ _tag: "Forced" })).toBe("forced")
    expect(keys.reason({ _tag: "Lost", outputs: ["weights", "curve"] })).toBe("missing weights, curve")
    expect(
      keys.reason({
        _tag: "Changed",
        differences: [
          { path: "params.lr", before: "0.1", after: "0.2" },
          { path: "code", before: digest("a"), after: digest("b") },
        ],
      }),
    ).toBe("param lr 0.1→0.2, code")
  })

  it("shortens digests and long values, and names at most three changes", () => {
    expect(keys.changed({ path: "inputs.data", before: digest("a"), after: digest("b") })).toBe(
      "input data aaaaaaaaaaaa→bbbbbbbbbbbb",
    )
    expect(
      keys.changed({
        path: "inputs.runs",
        before: JSON.stringify([digest("a"), digest("b")]),
        after: JSON.stringify([digest("a"), digest("c"), digest("d")]),
      }),
    ).toBe("input runs 2→3 items, 2 of them new")
    expect(keys.changed({ path: "params.widths", before: "[64]", after: "[64,128]" })).toBe(
      "param widths [64]→[64,128]",
    )
    expect(keys.changed({ path: "params.note", before: undefined, after: "x".repeat(80) })).toBe(
      `param note (none)→${"x".repeat(57)}…`,
    )
    expect(keys.changed({ path: "package effect", before: "4.1.0 sha512-a", after: "4.2.0 sha512-b" })).toBe(
      "package effect 4.1.0→4.2.0",
    )
    expect(
      keys.changed({ path: "package own", before: "1.0.0 0123456789abcdef", after: "1.0.0 fedcba9876543210" }),
    ).toBe("package own 1.0.0, its files changed")
    expect(keys.changed({ path: "package own", before: undefined, after: "1.0.0 sha512-a" })).toBe(
      "package own (none)→1.0.0",
    )
    const many = ["a", "b", "c", "d", "e"].map((name) => ({ path: `params.${name}`, before: "1", after: "2" }))
    expect(keys.reason({ _tag: "Changed", differences: many })).toBe("param a 1→2, param b 1→2, param c 1→2 and 2 more")
  })

  it("of what is predicted says what is certain and what is not", () => {
    expect(message.predicted({ _tag: "Hit", key: null, outputs: [], seconds: 0 })).toBe("hit")
    expect(message.predicted({ _tag: "Run", reason: { _tag: "FirstRun" } })).toBe("run: first run")
    expect(message.predicted({ _tag: "Maybe", behind: "init", differences: [] })).toBe("maybe: init runs")
    expect(message.predicted({ _tag: "Maybe", behind: "init", differences: [], missing: ["w"] })).toBe(
      "maybe: missing w; init runs",
    )
    expect(
      message.predicted({
        _tag: "Maybe",
        behind: "init",
        differences: [{ path: "params.lr", before: "1", after: "2" }],
      }),
    ).toBe("maybe: param lr 1→2; init runs")
  })
})

describe("a part without its inputs", () => {
  it("names them, as many as people read, and says what to do", () => {
    expect(message.inputsMissing(["a"])).toBe(
      "Nothing was run: a is needed and left out, and the results are not in the store. Make it first with " +
        "--until a, or use --until instead of --only: it includes all nodes that are needed.",
    )
    expect(message.inputsMissing(["a", "b", "c", "d", "e", "f", "g"])).toMatch(
      /^Nothing was run: a, b, c, d, e and 2 more are needed and left out, .* Make them first with --until a,/,
    )
  })
})

describe("a failure", () => {
  it("of the store names the place and a way out, whatever the reason", () => {
    const reasons = ["Missing", "Damaged", "Full", "Denied", "Gone", "Foreign", "Exhausted", "Unavailable"] as const
    for (const reason of reasons)
      expect(failure(new CacheError({ reason, what: "/the/place" }))).toContain("/the/place")
    expect(failure(new CacheError({ reason: "Unavailable", what: "/x", cause: new Error("EIO") }))).toBe(
      "The store failed at /x: EIO.",
    )
  })

  it("of anything else is its message", () => {
    expect(failure(new ExecutorError({ reason: "TimedOut", message: "It took too long." }))).toBe("It took too long.")
  })
})

describe("an event", () => {
  const key = digest("k") as string as Key
  it("has a line where it is worth one", () => {
    const of = { node: "train/h=64", stage: "train" }
    expect(line({ _tag: "NodeStarted", ...of, key, reason: { _tag: "FirstRun" } })).toBe(
      "start   train/h=64 (first run)",
    )
    expect(line({ _tag: "NodeDone", ...of, key, outcome: "run", seconds: 2 })).toBe("done    train/h=64 (2.0 s)")
    expect(line({ _tag: "NodeDone", ...of, key, outcome: "joined", seconds: 2 })).toBe("joined  train/h=64 (2.0 s)")
    expect(line({ _tag: "NodeDone", ...of, key, outcome: "hit", seconds: 2 })).toBeUndefined()
    expect(line({ _tag: "NodeSkipped", ...of, because: "init" })).toBe("skipped train/h=64: needs init")
    expect(line({ _tag: "InputLost", node: "fit", producer: "train/h=64", digest: digest("a") })).toBe(
      "lost    aaaaaaaaaaaa of train/h=64, which fit needs: it is made again",
    )
    expect(line({ _tag: "NodeReopened", node: "fit", because: "init" })).toBe(
      "again   fit: init gave something else than before",
    )
    expect(line({ _tag: "PageWritten", path: "out/x/index.html", changed: false })).toBe(
      "page    out/x/index.html (unchanged)",
    )
    expect(line({ _tag: "NodeProgress", node: "train", fraction: 0.5 })).toBeUndefined()
  })

  it("of a result that was replaced says what became of the old one, and what to do", () => {
    expect(line({ _tag: "ResultReplaced", node: "init", outputs: ["w", "b"] })).toBe(
      "replaced init: w, b came out with other bytes than the lost ones. The new result replaces the old result, " +
        "and all results made from the old one are made again. To see whether the stage always gives the same " +
        "bytes: pipeline verify SPEC --only init",
    )
  })

  it("of a skipped node reads well where the run was interrupted", () => {
    expect(line({ _tag: "NodeSkipped", node: "train", stage: "train", because: null })).toBe(
      "skipped train: the run was interrupted",
    )
  })
})
