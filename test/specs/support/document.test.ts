// A new document is one folder of science: a title, one figure and one claim on what the specs share take less than
// sixty lines, and run.
import { existsSync, mkdirSync } from "node:fs"
import { expect, it } from "vitest"
import { lastLine, Project } from "../../support/project.ts"

const text = `// Rates: how fast does a number fall? One figure, one claim.
import { Effect, Schema } from "effect"
import { within } from "../../pipeline/check.ts"
import { grid, node } from "../../pipeline/node.ts"
import { setting, spec } from "../../pipeline/spec.ts"
import { stage, Table } from "../../pipeline/stage.ts"
import { claimsOn } from "../support/claims.ts"
import { sectionsOf } from "../support/section.ts"
import { Count, decades, replicasOf } from "../support/settings.ts"
import { Study } from "../support/study.ts"

export const fall = stage(import.meta, "fall", {
  params: Schema.Struct({ x: Schema.Finite, noise: Schema.Finite }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params: { x, noise } }) => Effect.succeed({ row: { y: [(1 + noise) / x ** 2] } }) }),
})

const shared = { settings: { replicas: setting(Count, 3, "draws") }, scales: { quick: {}, large: { replicas: 30 } } }
const { section, composed } = sectionsOf(shared, () => new Study())

const rates = section({
  settings: { xs: setting(Schema.Array(Schema.Finite), decades(0, 3), "where the number is taken") },
  scales: {},
  nodes: (study, { xs, replicas }) => {
    const rows = grid({ x: xs, replica: replicasOf(replicas) }).map(
      ({ x, replica }) =>
        [{ x, replica }, study.once(node(fall, { x, noise: replica / 10 }, {}, { x, replica })).out.row] as const,
    )
    const table = study.gather("falls", rows)
    return {
      table,
      figure: study.plot(
        "falls",
        { description: "A number against x.", x: { field: "x", title: "x" }, y: { field: "y", title: "y" } },
        table,
      ),
    }
  },
  claims: ({ table }) => claimsOn({ falls: table }, [
    {
      id: "power", figure: "falls", quantity: { of: "slope", x: "x", y: "y", by: ["replica"], from: 0, to: 1e9 },
      claim: "It falls as the square.", source: "eq. 1", expect: within(-2, 0.01),
    },
  ]),
  figures: ({ figure, table }) => [{ id: "falls", title: "The fall", caption: "Three draws.", figure, table }],
})

const parts = composed({ rates })
export default spec({
  config: parts.settings, scales: parts.scales, nodes: parts.nodes, checks: parts.checks,
  page: (made, c) => ({
    title: "Rates", lead: ["How fast?"], figures: parts.figures(made, c), render: () => import("../../report/page.ts"),
  }),
})
`

it("and its page has the figure and the verdict", async () => {
  expect(text.split("\n").length).toBeLessThan(60)
  using project = new Project()
  mkdirSync(project.path("specs/rates"))
  project.write("specs/rates/rates.ts", text)
  const said = await project.said(0, "run", "specs/rates/rates.ts", "--executor", "inline")
  expect(lastLine(said)).toMatch(/^15 nodes: .* 15 run, 0 failed, 0 skipped · 1 check: 1 passed, 0 failed/)
  expect(existsSync(project.path("out/rates/figures/falls.svg"))).toBe(true)
}, 60_000)
