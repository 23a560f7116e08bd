// A look ahead summed up: nodes by reason, each once, and the time by what their stages took.
import { describe, expect, it } from "vitest"
import { estimate, type Estimate } from "../../../pipeline/run/estimate.ts"
import type { Prediction } from "../../../pipeline/run/prediction.ts"
import type { Difference } from "../../../pipeline/key/key.ts"
import * as message from "../../../pipeline/run/message.ts"
import { node, type Node, type StageNode } from "../../../pipeline/node.ts"
import { given, wide } from "../../support/arithmetic.ts"

const hit: Prediction = { _tag: "Hit", key: null, outputs: [], seconds: 0 }
const first: Prediction = { _tag: "Run", reason: { _tag: "FirstRun" } }
const maybe: Prediction = { _tag: "Maybe", behind: "x", differences: [] }
const changed = (...paths: ReadonlyArray<string>): Prediction => ({
  _tag: "Run",
  reason: { _tag: "Changed", differences: paths.map((path): Difference => ({ path, before: "1", after: "2" })) },
})
/** Every node of one stage. */
const of = (stage: typeof given | typeof wide, ...all: ReadonlyArray<Prediction>): ReadonlyMap<Node, Prediction> =>
  new Map(all.map((what, id) => [node(stage, { value: id }, {}, { id }), what]))
const took = (seconds: { readonly [node: string]: number }) =>
  new Map(Object.entries(seconds).map(([name, each]) => [name, { seconds: each }]))
/** A spec that knows one node. */
const expected = ({ labels }: StageNode) => (labels["id"] === 0 ? 1000 : undefined)
const limits = { jobs: 2, leftOut: 0, expected: () => undefined }

describe("estimate", () => {
  it("counts each node once, by its reason, the most first", () => {
    const {
      reasons,
      run,
      hit: hits,
      maybe: maybes,
    } = estimate(
      of(
        given,
        hit,
        first,
        changed("code"),
        changed("code"),
        changed("inputs.a", "inputs.b"),
        changed("code", "params.lr"),
        { _tag: "Run", reason: { _tag: "Lost", outputs: ["x"] } },
        { _tag: "Run", reason: { _tag: "Forced" } },
        maybe,
      ),
      new Map(),
      limits,
    )
    expect({ reasons, run, hits, maybes }).toEqual({
      reasons: { code: 2, "first run": 1, input: 1, "code + param lr": 1, "missing output": 1, forced: 1 },
      run: 7,
      hits: 1,
      maybes: 1,
    })
    expect(Object.keys(reasons)[0]).toBe("code")
  })

  it("expects of each node the median of its stage, shared by the jobs", () => {
    const past = took({ "given/id=0": 1, "given/id=1": 4, "given/old": 100, wide: 3 })
    expect(estimate(of(given, first, first, maybe, hit), past, limits).seconds).toBe(6)
  })

  it("takes the mean of the two in the middle of an even number", () => {
    expect(estimate(of(given, first), took({ "given/id=0": 1, "given/id=1": 4 }), { ...limits, jobs: 1 }).seconds).toBe(
      2.5,
    )
  })

  it("gives a range: a tenth of the past times beyond each end, and a factor of three around a formula", () => {
    const past = took(Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`given/id=${i + 10}`, 1 + i])))
    expect(estimate(of(given, first, first), past, { ...limits, jobs: 1 })).toMatchObject({
      seconds: 12,
      range: [4, 20],
      byFormula: 0,
      byPast: 2,
    })
    // What may run counts in the upper end alone.
    expect(estimate(of(given, first, maybe), past, { ...limits, jobs: 1 })).toMatchObject({ range: [2, 20] })
    // A few times give no range of their own.
    expect(estimate(of(given, first), took({ "given/id=9": 6 }), limits)).toMatchObject({ seconds: 6, range: [2, 18] })
    expect(estimate(of(given, first, first), past, { ...limits, jobs: 1, expected })).toMatchObject({
      seconds: 1006,
      range: [1000 / 3 + 2, 3010],
      byFormula: 1,
      byPast: 1,
    })
  })

  it("expects no less than the longest node, and that two threads take two jobs", () => {
    expect(estimate(of(given, first), took({ given: 8 }), limits).seconds).toBe(8)
    expect(estimate(of(wide, first, first), took({ wide: 8 }), limits).seconds).toBe(16)
    expect(estimate(of(wide, first, first), took({ wide: 8 }), { ...limits, jobs: 1 }).seconds).toBe(16)
  })

  it("believes the spec before the past: nodes of the past may have been smaller", () => {
    expect(estimate(of(given, first, first), took({ given: 8 }), { ...limits, expected })).toMatchObject({
      seconds: 1000,
      coreSeconds: 1008,
      untimed: 0,
    })
    expect(estimate(of(given, first, first), new Map(), { ...limits, expected })).toMatchObject({
      coreSeconds: 1000,
      untimed: 1,
    })
  })

  it("takes a formula as core-seconds: a stage with two threads takes half of them", () => {
    expect(estimate(of(wide, first), new Map(), { ...limits, expected })).toMatchObject({
      seconds: 500,
      coreSeconds: 1000,
    })
  })

  it("counts the nodes of stages never timed", () => {
    expect(estimate(of(given, first, maybe, hit), new Map(), limits)).toMatchObject({ untimed: 2, seconds: 0 })
  })
})

describe("its sentence", () => {
  const whole: Estimate = {
    hit: 130,
    run: 12,
    maybe: 0,
    blocked: 0,
    leftOut: 0,
    reasons: { code: 9, input: 3 },
    seconds: 41.2,
    range: [20, 90],
    coreSeconds: 80,
    byFormula: 0,
    byPast: 12,
    untimed: 0,
    jobs: 2,
  }

  it("is the nodes by reason, the hits and the time", () => {
    expect(message.estimate(whole)).toBe(
      "12 nodes would run: 9 code, 3 input; 130 hits · about 41.2 s with 2 jobs, between 20.0 s and 1 min 30 s: " +
        "12 by earlier runs of their stage",
    )
  })

  it("says what may run, what cannot, what is left out, and what the time rests on", () => {
    expect(
      message.estimate({ ...whole, maybe: 20, blocked: 2, leftOut: 5, byFormula: 21, byPast: 8, untimed: 3, jobs: 1 }),
    ).toBe(
      "12 nodes would run: 9 code, 3 input; 20 more may run after them; 2 cannot run, because an input is left out; " +
        "130 hits; 5 left out · about 41.2 s with 1 job if all of them run, between 20.0 s and 1 min 30 s: 21 by " +
        "formulas of the spec, good to a factor of 3, 8 by earlier runs of their stage, 3 of stages that were never " +
        "timed, not counted",
    )
    expect(message.estimate({ ...whole, seconds: 4.5e6, range: [1.5e6, 1.35e7], coreSeconds: 9e6 })).toBe(
      "12 nodes would run: 9 code, 3 input; 130 hits · about 52 days with 2 jobs (2,500 core-hours), between 17 days " +
        "and 156 days: 12 by earlier runs of their stage",
    )
    expect(message.estimate({ ...whole, untimed: 12 })).toBe(
      "12 nodes would run: 9 code, 3 input; 130 hits · no such node was timed before",
    )
    expect(message.estimate({ ...whole, run: 0, reasons: {} })).toBe("0 nodes would run; 130 hits")
  })
})
