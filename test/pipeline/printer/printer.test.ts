// Events to what stands on the terminal: plain lines, JSON lines, and the picture as literal text.
import { Writable } from "node:stream"
import { describe, expect, it } from "vitest"
import type { Digest, Key } from "../../../cache/digest.ts"
import { within } from "../../../pipeline/check.ts"
import { ExecutorError } from "../../../pipeline/error.ts"
import type { Event } from "../../../pipeline/event.ts"
import { livePrinter, View } from "../../../pipeline/printer/live.ts"
import { jsonPrinter, plainPrinter } from "../../../pipeline/printer/printer.ts"
import { node } from "../../../pipeline/node.ts"
import { given } from "../../support/arithmetic.ts"

const key = "k".repeat(64) as Key
const train = { node: "train/h=64", stage: "train" }
const story: ReadonlyArray<Event> = [
  { _tag: "RunStarted", spec: "specs/x.ts", nodes: 3, expectedSeconds: new Map([["train/h=64", 10]]) },
  { _tag: "NodeDone", node: "init", stage: "init", key: null, outcome: "hit", seconds: 0 },
  { _tag: "NodeStarted", ...train, key, reason: { _tag: "FirstRun" } },
  { _tag: "NodeProgress", node: "train/h=64", fraction: 0.5 },
  { _tag: "NodeFailed", ...train, error: new ExecutorError({ reason: "TimedOut", message: "It took too long." }) },
  { _tag: "NodeSkipped", node: "fit", stage: "fit", because: "train/h=64" },
  { _tag: "InputLost", node: "fit", producer: "init", digest: "d".repeat(64) as Digest },
  {
    _tag: "CheckJudged",
    judged: {
      check: {
        id: "slope",
        claim: "it falls",
        source: "Fig. 1",
        value: { output: node(given, { value: 1 }, {}).out.value as never, where: {}, column: "x" },
        expect: within(-1, 0.08),
      },
      expect: within(-1, 0.08),
      measured: -1,
      spread: null,
      verdict: "agrees",
      asDeclared: true,
    },
  },
  { _tag: "Draining" },
  {
    _tag: "RunDone",
    counts: { hit: 1, joined: 0, run: 0, failed: 1, skipped: 1 },
    checks: { passed: 1, excludes: 0, differs: 0, contradicts: 0, open: 0, failed: 0, unjudged: 0 },
    leftOut: 0,
    seconds: 4.2,
  },
]

describe("the plain printer", () => {
  it("gives each event its line, and none to hits and progress", () => {
    let text = ""
    const printer = plainPrinter((more) => {
      text += more
    })
    story.forEach(printer.listen)
    expect(text).toBe(`start   train/h=64 (first run)
failed  train/h=64: It took too long.
skipped fit: needs train/h=64
lost    dddddddddddd of init, which fit needs: it is made again
✓ slope: agrees -1.000, expected -1 ± 0.08
Interrupted: running nodes finish, and no new node starts. Interrupt again to stop at once.
3 nodes: 1 hit, 0 joined, 0 run, 1 failed, 1 skipped · 1 check: 1 passed, 0 failed · 4.2 s
`)
  })
})

describe("the JSON printer", () => {
  const lines: Array<string> = []
  const printer = jsonPrinter((line) => lines.push(line))
  story.forEach(printer.listen)
  const parsed = lines.map((line) => JSON.parse(line) as { readonly [name: string]: unknown })

  it("gives one object a line for every event, with its tag and the version of the form", () => {
    expect(lines.every((line) => line.endsWith("\n") && line.indexOf("\n") === line.length - 1)).toBe(true)
    expect(parsed.map(({ v, _tag }) => [v, _tag])).toEqual(story.map(({ _tag }) => [1, _tag]))
  })

  it("gives errors, checks and maps as plain data", () => {
    expect(parsed[0]).toEqual({
      v: 1,
      _tag: "RunStarted",
      spec: "specs/x.ts",
      nodes: 3,
      expectedSeconds: { "train/h=64": 10 },
    })
    expect(parsed[4]).toEqual({
      v: 1,
      _tag: "NodeFailed",
      ...train,
      error: "ExecutorError",
      reason: "TimedOut",
      message: "It took too long.",
    })
    expect(parsed[7]).toEqual({
      v: 1,
      _tag: "CheckJudged",
      check: "slope",
      claim: "it falls",
      expected: "-1 ± 0.08",
      fails: "outside -1.08 to -0.92",
      measured: -1,
      spread: null,
      verdict: "agrees",
      asDeclared: true,
    })
  })
})

/** The picture at a time in milliseconds, after events that came at their times. */
const frame = (jobs: number, at: number, events: ReadonlyArray<readonly [number, Event]>): string => {
  const view = new View(jobs)
  for (const [now, event] of events) view.see(event, now)
  return view.frame(at)
}
const started = (name: string): Event => ({
  _tag: "NodeStarted",
  node: name,
  stage: "train",
  key,
  reason: { _tag: "FirstRun" },
})
const done = (name: string, seconds: number, outcome: "hit" | "run" = "run"): Event => ({
  _tag: "NodeDone",
  node: name,
  stage: "train",
  key,
  outcome,
  seconds,
})
const begun = (nodes: number, expected: Readonly<Record<string, number>> = {}): Event => ({
  _tag: "RunStarted",
  spec: "x",
  nodes,
  expectedSeconds: new Map(Object.entries(expected)),
})

describe("the picture", () => {
  it("promises no time while it knows nothing", () => {
    expect(
      frame(1, 2000, [
        [0, begun(2)],
        [0, started("a")],
      ]),
    ).toBe("0 of 2 nodes   \n  ░░░░░░░░░░░░ a  2.0 s")
  })

  it("shows what runs with its progress, and the time left by what it took the last time", () => {
    expect(
      frame(1, 4000, [
        [0, begun(2, { a: 10, b: 20 })],
        [0, started("a")],
        [3000, { _tag: "NodeProgress", node: "a", fraction: 0.5 }],
      ]),
    ).toBe(
      // a half of 10 s, and 15 s for what has not started
      "0 of 2 nodes, about 20.0 s left   \n  ██████░░░░░░ a  4.0 s",
    )
  })

  it("shares the time left among the jobs", () => {
    expect(frame(2, 0, [[0, begun(2, { a: 10, b: 10 })]])).toBe("0 of 2 nodes, about 10.0 s left   ")
  })

  it("learns from what ran, not from hits", () => {
    expect(
      frame(1, 0, [
        [0, begun(4)],
        [0, done("h", 999, "hit")],
        [0, started("a")],
        [0, done("a", 6)],
        [0, started("b")],
      ]),
    ).toBe("2 of 4 nodes, about 12.0 s left   train 2\n  ░░░░░░░░░░░░ b  0.0 s")
  })

  it("counts by stage, and what did not work apart", () => {
    expect(
      frame(1, 0, [
        [0, begun(3)],
        [0, done("a", 1, "hit")],
        [0, { _tag: "NodeFailed", ...train, error: new ExecutorError({ reason: "TimedOut", message: "" }) }],
        [0, { _tag: "NodeSkipped", node: "fit", stage: "fit", because: "a" }],
      ]),
    ).toBe("3 of 3 nodes   train 1 (1 not)  fit 0 (1 not)")
  })

  it("counts what was verified as done, whatever came of it, and learns from it", () => {
    const verified: Event = { _tag: "NodeVerified", ...train, differs: [], seconds: 6 }
    expect(
      frame(1, 0, [
        [0, begun(3)],
        [0, started("train/h=64")],
        [0, verified],
        [0, { _tag: "NodeUnverifiable", node: "fit", stage: "fit", gone: "a" }],
      ]),
    ).toBe("2 of 3 nodes, about 6.0 s left   train 1  fit 0 (1 not)")
  })

  it("has room for a dozen nodes", () => {
    const many = Array.from({ length: 20 }, (_, i): readonly [number, Event] => [0, started(`n${i}`)])
    expect(frame(20, 0, [[0, begun(20)], ...many]).split("\n")).toHaveLength(13)
  })

  it("counts a node that is opened again as done only once it ends again", () => {
    const story: ReadonlyArray<readonly [number, Event]> = [
      [0, begun(2)],
      [0, done("a", 1, "hit")],
      [0, done("b", 1, "hit")],
      [0, { _tag: "NodeReopened", node: "b", because: "a" }],
      [0, started("b")],
    ]
    expect(frame(1, 0, story)).toMatch(/^1 of 2 nodes .* train 1\n/)
    expect(frame(1, 0, [...story, [0, done("b", 1)]])).toMatch(/^2 of 2 nodes, .* train 2$/)
  })

  it("never counts a node that is made again for two", () => {
    expect(
      frame(1, 0, [
        [0, begun(2)],
        [0, done("a", 1, "hit")],
        [0, { _tag: "InputLost", node: "b", producer: "a", digest: key as string as Digest }],
        [0, started("a")],
        [0, done("a", 1)],
        [0, done("b", 1)],
      ]),
    ).toMatch(/^2 of 2 nodes, about 0\.0 s left/)
  })
})

describe("the live printer", () => {
  it("keeps the lines above the picture, and leaves a last line behind", () => {
    let text = ""
    const stream = Object.assign(
      new Writable({
        write: (chunk: Buffer, _, next) => {
          text += chunk.toString()
          next()
        },
      }),
      { columns: 80, rows: 24, isTTY: true },
    ) as unknown as NodeJS.WriteStream
    const printer = livePrinter(stream, 2)
    story.forEach(printer.listen)
    printer.close()
    const lines = text.split("\n").filter((line) => /[a-z]/.test(line))
    expect(lines.at(-1)).toContain("3 nodes: 1 hit, 0 joined, 0 run, 1 failed, 1 skipped")
    expect(text).toContain("failed  train/h=64: It took too long.\n")
    expect(text).not.toContain("start   ")
  })
})
