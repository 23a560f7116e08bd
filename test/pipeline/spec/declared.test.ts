// What a spec may give as nodes, checks and page. All else is refused with its path: nothing is passed over.
import { Schema } from "effect"
import { describe, expect, it } from "vitest"
import { above, between, cell, within } from "../../../pipeline/check.ts"
import { checksIn, nodesIn, pageIn } from "../../../pipeline/spec/declared.ts"
import { map, node } from "../../../pipeline/node.ts"
import { Json, stage, Table } from "../../../pipeline/stage.ts"
import { range, cap, unloaded } from "../../support/arithmetic.ts"

const rows = stage(import.meta, "rows", {
  params: Schema.Struct({}),
  inputs: {},
  outputs: { table: Table, plot: Json },
  run: unloaded,
})
const a = node(rows, {}, {})
const list = node(range, { from: 1, to: 2 }, {}).out.numbers
const each = map(cap, "term", { limit: 1 }, { term: list })
const circle: Record<string, unknown> = { a }
circle["again"] = [circle]

class Kept {
  readonly a = a
}

type Forms = ReadonlyArray<readonly [given: unknown, says: string]>

describe("nodes", () => {
  const forms: Forms = [
    [
      undefined,
      "nodes(…) is undefined, which is not allowed there; give nodes, outputs of nodes, or lists and records",
    ],
    [null, "nodes(…) is null, "],
    [Promise.resolve([a]), "nodes(…) is a Promise, "],
    [new Map([["a", a]]), "nodes(…) is a Map, "],
    [new Set([a]), "nodes(…) is a Set, "],
    [new Kept(), "nodes(…) is a Kept, "],
    [() => [a], "nodes(…) is a function, "],
    ["a", "nodes(…) is 'a', "],
    [{ a: undefined }, "nodes(…).a is undefined, "],
    [{ a, b: 5 }, "nodes(…).b is 5, "],
    [{ a: [1n] }, "nodes(…).a[0] is 1n, "],
    [[a, , a], "nodes(…)[1] is undefined, "], // oxlint-disable-line no-sparse-arrays
    [[Promise.resolve(a)], "nodes(…)[0] is a Promise, "],
    [{ "the net": [[{ b: Symbol("x") }]] }, 'nodes(…)["the net"][0][0].b is Symbol(x), '],
    [{ a: { _tag: "Node", name: "x" } }, "nodes(…).a._tag is 'Node', "],
    [{ a: { _tag: "StageNode" } }, "nodes(…).a._tag is 'StageNode', "],
    [circle, "nodes(…).again[0] is nodes(…) again, a circle, "],
  ]
  it.each(forms)("%# that are none are refused with their path", (given, says) => {
    expect(() => nodesIn(given)).toThrow(says)
  })

  it("are found in lists, records of any kind, outputs, and lists of outputs", () => {
    expect(nodesIn([a, { deep: [{ b: a.out.plot, c: each.out }] }, Object.groupBy([a], () => "d")])).toEqual([
      a,
      a,
      each,
      a,
    ])
    expect(nodesIn([])).toEqual([])
    expect(nodesIn({})).toEqual([])
  })
})

const right = { id: "c", claim: "", source: "", value: cell(a.out.table, {}, "x"), expect: within(0, 1) }
const figure = { id: "f", title: "", caption: "", figure: a.out.plot }
const page = { title: "", lead: [], figures: [figure], render: unloaded }

describe("checks", () => {
  const forms: Forms = [
    [undefined, "checks(…) is undefined, which is not allowed in a check; give a list"],
    [Promise.resolve([]), "checks(…) is a Promise, "],
    [{ c: right }, "checks(…) is a record, "],
    [
      [right, undefined],
      "checks(…)[1] is undefined, which is not allowed in a check; give a record with id, claim, source, ",
    ],
    [[a.out.table], "checks(…)[0].id is undefined, "],
    [[{ ...right, id: 5 }], "checks(…)[0].id is 5, which is not allowed in a check; give a text"],
    [[{ ...right, value: a.out.table }], "checks(…)[0].value.output is undefined, "],
    [
      [{ ...right, value: { ...right.value, output: a } }],
      "checks(…)[0].value.output is the node rows instead of one of its outputs",
    ],
    [
      [{ ...right, value: { ...right.value, output: a.out.plot } }],
      "checks(…)[0].value.output is the output plot (json)",
    ],
    [[{ ...right, value: { ...right.value, where: undefined } }], "checks(…)[0].value.where is undefined, "],
    [[{ ...right, expect: 5 }], "checks(…)[0].expect is 5, "],
    [[{ ...right, expect: () => true }], "checks(…)[0].expect is a function, "],
    [[{ ...right, at: { quick: 1 } }], "checks(…)[0].at.quick is 1, "],
    [[{ ...right, declared: { verdict: "right", reason: "" } }], "checks(…)[0].declared.verdict is 'right', "],
    [[{ ...right, scales: "quick" }], "checks(…)[0].scales is 'quick', "],
    [[{ ...right, scales: [] }], "checks(…)[0].scales is a list, "],
    [[{ ...right, spraed: "x" }], "checks(…)[0].spraed is 'x', which is not allowed in a check; give only id, "],
    [[{ ...right, value: { ...right.value, wher: {} } }], "checks(…)[0].value.wher is a record, "],
    [[{ ...right, stated: Number.NaN }], "checks(…)[0].stated is NaN, "],
    [[{ ...right, rival: { value: Infinity, text: "" } }], "checks(…)[0].rival.value is Infinity, "],
    [[{ ...right, expect: within(0, Infinity) }], "checks(…)[0].expect.bounds[0] is -Infinity, "],
    [[{ ...right, expect: within(1, -2) }], "checks(…)[0].expect is '1 ± -2', "],
    [[{ ...right, expect: between(2, 1) }], "checks(…)[0].expect is "],
    [[{ ...right, stated: 2 }], "checks(…)[0].expect is '0 ± 1', which is not allowed in a check; give values with"],
    [[{ ...right, stated: 1, at: { large: within(0, 0.5) } }], "checks(…)[0].at.large is '0 ± 0.5', "],
    [[{ ...right, rival: { value: 1, text: "one" } }], "checks(…)[0].expect is '0 ± 1', which is not allowed in a"],
    [
      [{ ...right, rival: { value: 2, text: "two" }, differs: within(0, 3) }],
      "checks(…)[0].differs is '0 ± 3', which is not allowed in a check; give values without the rival 2 (two)",
    ],
    [
      [{ ...right, differs: above(-2) }],
      "checks(…)[0].differs is 'above -2', which is not allowed in a check; give a r",
    ],
  ]
  it.each(forms)("%# that are none are refused with their path", (given, says) => {
    expect(() => checksIn(given)).toThrow(says)
  })
  it("are what was given", () => expect(checksIn([right])).toEqual([right]))
})

describe("a page", () => {
  const forms: Forms = [
    [
      undefined,
      "page(…) is undefined, which is not allowed in a page; give a record with title, lead, figures, render",
    ],
    [Promise.resolve(page), "page(…) is a Promise, "],
    [{ ...page, title: undefined }, "page(…).title is undefined, which is not allowed in a page; give a text"],
    [{ ...page, lead: "one" }, "page(…).lead is 'one', "],
    [{ ...page, figures: new Map() }, "page(…).figures is a Map, "],
    [{ ...page, figures: [figure, null] }, "page(…).figures[1] is null, "],
    [{ ...page, figures: [{ ...figure, figure: undefined }] }, "page(…).figures[0].figure is undefined, "],
    [{ ...page, figures: [{ ...figure, figure: a }] }, "page(…).figures[0].figure is the node rows instead"],
    [{ ...page, figures: [{ ...figure, figure: each.out.value }] }, "page(…).figures[0].figure is a list, "],
    [{ ...page, figures: [{ ...figure, figure: each.out.value[0] }] }, "figure is the outputs value (json) of cap, "],
    [
      { ...page, figures: [{ ...figure, table: a.out.plot }] },
      "page(…).figures[0].table is the output plot (json) of rows, ",
    ],
    [{ ...page, figures: [{ ...figure, checks: [right] }] }, "page(…).figures[0].checks[0] is a record, "],
    [{ ...page, subtitle: "" }, "page(…).subtitle is '', which is not allowed in a page; give only title, "],
    [{ ...page, figures: [{ ...figure, titel: "" }] }, "page(…).figures[0].titel is '', "],
    [{ ...page, statements: [{ source: "", statement: "" }] }, "page(…).statements[0].because is undefined, "],
    [
      { ...page, statements: [{ source: "", statement: "", claims: [] }] },
      "page(…).statements[0] is a list, which is not allowed in a page; give the ids of claims, or `because`",
    ],
    [
      { ...page, statements: [{ source: "", statement: "", claims: ["c"], because: "" }] },
      "page(…).statements[0].because is '', ",
    ],
    [
      { ...page, accounts: [{ subject: "", text: "", program: "", finding: "", claims: [] }] },
      "page(…).accounts[0].claims is a list, which is not allowed in a page; give the ids of claims",
    ],
    [{ ...page, accounts: [{ subject: "", text: "", claims: ["c"] }] }, "page(…).accounts[0].program is undefined, "],
    [{ ...page, render: undefined }, "page(…).render is undefined, which is not allowed in a page; give a function"],
  ]
  it.each(forms)("%# that is none is refused with its path", (given, says) => {
    expect(() => pageIn(given)).toThrow(says)
  })
  it("is what was given", () => expect(pageIn(page)).toBe(page))
})
