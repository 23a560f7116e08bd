// The smallest spec that runs, to be broken in one place, and what a refusal must look like.
import { expect } from "vitest"
import type { Finished } from "./project.ts"

/** A spec of one node, with the given texts in its places. */
export const small = (
  extra: { readonly top?: string; readonly nodes?: string; readonly checks?: string; readonly figures?: string } = {},
): string => `
import { Effect, Schema } from "effect"
import { atMost, cell, check } from "../pipeline/check.ts"
import { node, source } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { many, stage, Bytes, Table } from "../pipeline/stage.ts"
export const one = stage(import.meta, "one", {
  params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ row: { x: [params.x] } }) }),
})
export const sum = stage(import.meta, "sum", {
  params: Schema.Struct({}), inputs: { rows: many(Table) }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs }) => Effect.succeed({ row: { x: [inputs.rows.length] } }) }),
})
export const sized = stage(import.meta, "sized", {
  params: Schema.Struct({}), inputs: { bytes: Bytes }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs }) => Effect.succeed({ row: { x: [inputs.bytes.length] } }) }),
})
${extra.top ?? ""}
export default spec({
  config: { n: setting(Schema.Int, 1, "a number"), name: setting(Schema.Literals(["a", "b"]), "a", "a word") },
  nodes: ({ n }) => { ${extra.nodes ?? "return { only: node(one, { x: n }, {}) }"} },
  checks: (nodes) => [${extra.checks ?? ""}],
  page: (nodes) => ({
    title: "Small", lead: [], figures: [${extra.figures ?? ""}],
    render: async () => ({ page: async () => new Map([["index.html", "<title>Small</title>"]]) }),
  }),
})
`

/** The command ended with a status, and said these things without a stack. */
export const refused = (
  { code, out, err }: Finished,
  status: number,
  ...says: ReadonlyArray<string | RegExp>
): void => {
  const text = out + err
  for (const each of says) expect(text).toMatch(each)
  expect(text).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  expect(code, text).toBe(status)
}
