// What became of nodes and checks as JUnit XML: the text, and how a parser of XML reads it.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Browser } from "playwright-core"
import type { Digest, Key } from "../../../cache/digest.ts"
import { within, type Judged } from "../../../pipeline/check.ts"
import { ExecutorError } from "../../../pipeline/error.ts"
import { comparedSuites, junit, runSuites } from "../../../pipeline/printer/junit.ts"
import type { Lock } from "../../../pipeline/verify/lock.ts"
import { node, type Node } from "../../../pipeline/node.ts"
import type { Settled, Settlements } from "../../../pipeline/run/settled.ts"
import { given } from "../../support/arithmetic.ts"
import { hasChromium, launch } from "../../support/chromium.ts"

const named = (name: string) => node(given, { value: 1 }, {}, { name })
const done = (outcome: "hit" | "run", seconds: number): Settled => ({
  _tag: "Done",
  outcome,
  outputs: [],
  seconds,
  key: "k".repeat(64) as Key,
})
const settled: Settlements = new Map<Node, Settled>([
  [named("hit"), done("hit", 9)],
  [named("run"), done("run", 1.25)],
  [
    named("failed"),
    { _tag: "Failed", error: new ExecutorError({ reason: "TimedOut", message: "It took too long.\nTwice." }) },
  ],
  [named("skipped"), { _tag: "Skipped", because: "given/name=failed" }],
])
const judged = (id: string, rest: Partial<Judged>): Judged => ({
  check: { id, claim: "it falls", source: "Fig. 1", value: undefined as never, expect: within(-1, 0.08) },
  expect: within(-1, 0.08),
  measured: -1.02,
  spread: null,
  verdict: "agrees",
  asDeclared: true,
  ...rest,
})

/** The beginning of one that took no time. */
const beginning = (name: string, group: string): string => `<testcase name="${name}" classname="${group}" time="0.000">`

describe("the suites of a run", () => {
  it("are what ran, failed and was skipped, and every claim", () => {
    const checks = [
      judged("holds", {}),
      judged("fails", { verdict: "contradicts", asDeclared: false }),
      judged("waits", { verdict: "not judged", measured: null, note: "Not judged at the scale quick." }),
    ]
    const failed = "✗ fails: contradicts -1.020, expected -1 ± 0.08"
    const waits = "– waits: not judged, expected -1 ± 0.08. Not judged at the scale quick."
    expect(junit(runSuites(settled, checks))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="6" failures="2" errors="0" skipped="2" time="1.250">
  <testsuite name="nodes" tests="3" failures="1" errors="0" skipped="1" time="1.250">
    <testcase name="given/name=run" classname="given" time="1.250"/>
    ${beginning("given/name=failed", "given")}<failure message="It took too long.">It took too long.
Twice.</failure></testcase>
    ${beginning("given/name=skipped", "given")}<skipped message="It needs given/name=failed."/></testcase>
  </testsuite>
  <testsuite name="checks" tests="3" failures="1" errors="0" skipped="1" time="0.000">
    <testcase name="holds" classname="check" time="0.000"/>
    ${beginning("fails", "check")}<failure message="${failed}">${failed}</failure></testcase>
    ${beginning("waits", "check")}<skipped message="${waits}"/></testcase>
  </testsuite>
</testsuites>
`)
  })
})

describe("the suites of a comparison", () => {
  it("are all that was compared, what is missing too, each with all that is wrong with it", () => {
    const made: Lock = {
      v: 2,
      spec: "specs/x.ts",
      settings: {},
      machine: { platform: "p", node: "24", processor: "One" },
      tolerance: 0,
      nodes: { "given/name=hit": { key: "k".repeat(64) as Key, outputs: { value: "d".repeat(64) as Digest } } },
      checks: { fails: { measured: 1, spread: null, verdict: "contradicts", expects: "-1 ± 0.08" } },
      tables: { "fit:summary": {} },
    }
    const problems = [
      { what: "node", name: "gone", text: "it is gone" },
      { what: "table", name: "fit:summary", text: "a cell" },
      { what: "check", name: "fails", text: "another value" },
    ] as const
    const { nodes, checks } = comparedSuites(settled, [judged("fails", { asDeclared: false })], made, problems)
    expect(nodes).toEqual([
      { name: "given/name=hit", group: "node", seconds: 9 },
      { name: "gone", group: "node", seconds: 0, failure: "it is gone" },
      { name: "fit:summary", group: "table", seconds: 0, failure: "a cell" },
    ])
    expect(checks).toEqual([
      {
        name: "fails",
        group: "check",
        seconds: 0,
        failure: "✗ fails: agrees -1.020, expected -1 ± 0.08\nanother value",
      },
    ])
  })
})

describe.skipIf(!hasChromium)("a parser of XML", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  it("reads back names and messages that hold whatever a text can, but for what XML cannot say", async () => {
    const hostile = `<a href="x">&amp; ']]> \t\n\r ü €😀`
    const text = junit({
      [hostile]: [
        { name: hostile, group: "\u0000\u001b[31m", seconds: 0, failure: `one\n${hostile}\uD800` },
        { name: "s", group: "g", seconds: 0, skipped: hostile },
      ],
    })
    const tab = await browser.newPage()
    // The tests have no DOM types, so what runs in the page is text.
    const read = await tab.evaluate<ReadonlyArray<string>>(`(() => {
      const parsed = new DOMParser().parseFromString(${JSON.stringify(text)}, "application/xml")
      const at = (selector, name) => parsed.querySelector(selector).getAttribute(name)
      return [
        String(parsed.querySelector("parsererror")?.textContent),
        at("testsuite", "name"), at("testcase", "name"), at("testcase", "classname"),
        at("failure", "message"), parsed.querySelector("failure").textContent, at("skipped", "message"),
      ]
    })()`)
    // A parser makes one line end of each kind of line end in a text; in an attribute ours are kept.
    expect(read).toEqual([
      "undefined",
      hostile,
      hostile,
      "\uFFFD\uFFFD[31m",
      "one",
      `one\n${hostile.replace("\r", "\n")}\uFFFD`,
      hostile,
    ])
    await tab.close()
  })
})
