// Every spec under specs/: it loads without its libraries, plans, has the nodes its grid says, and asks for nothing
// that no stage gives.
import { execFile } from "node:child_process"
import { readdirSync } from "node:fs"
import { resolve } from "node:path"
import { promisify } from "node:util"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { verdictOn } from "../../pipeline/check/verdict.ts"
import { expectedAt } from "../../pipeline/check.ts"
import { seedOf } from "../../pipeline/key/key.ts"
import { load, type Loaded } from "../../pipeline/plan/load.ts"
import type { Node, Output, StageNode } from "../../pipeline/node.ts"
import type { SummarizeParams } from "../../stages/statistics/summarize.ts"

const directory = resolve(import.meta.dirname, "../../specs")
const files = readdirSync(directory)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => resolve(directory, name))
const exported = await Promise.all(
  files.map(async (file) => ((await import(file)) as { readonly default?: { readonly _tag?: string } }).default?._tag),
)
const specs = files.filter((_, i) => exported[i] === "Spec")

const loaded = (name: string, settings: { readonly [name: string]: string } = {}): Promise<Loaded> =>
  Effect.runPromise(load(resolve(directory, name), settings))
const stageNodes = ({ plan }: Loaded): ReadonlyArray<StageNode> =>
  plan.nodes.filter((node) => node._tag === "StageNode")
/** The stages whose summaries judge claims. */
const summarizing = ["summarize", "jackknife"]
const ofStage = (spec: Loaded, name: string): ReadonlyArray<StageNode> =>
  stageNodes(spec).filter(({ stage }) => stage.name === name)
const counts = (spec: Loaded): Readonly<Record<string, number>> => {
  const all: { [stage: string]: number } = {}
  for (const node of spec.plan.nodes) {
    const name = node._tag === "StageNode" ? node.stage.name : "source"
    all[name] = (all[name] ?? 0) + 1
  }
  return all
}

test("specs/ has the specs of the README", () => {
  expect(specs.map((file) => file.slice(directory.length + 1))).toEqual(
    expect.arrayContaining(["paper.ts", "smoke.ts", "weight-movement.ts"]),
  )
})

// With w widths, a alphas and r replicas: w r nets and frozen kernels, w a r runs and w halved ones, w a ensembles.
for (const [settings, { w, a, r }] of [
  [{}, { w: 2, a: 3, r: 2 }],
  [
    { widths: "32", sqrtHAlpha: "1,10", replicas: "1", lazyScale: "10" },
    { w: 1, a: 2, r: 1 },
  ],
] as const) {
  test(`smoke.ts plans its grid of ${w} widths, ${a} scales and ${r} replicas, and what is shared`, async () => {
    const spec = await loaded("smoke.ts", settings)
    expect(counts(spec)).toEqual({
      source: 4,
      parity: 1,
      init: w * r,
      linearize: w * r,
      train: w * a * r + w,
      measure: w * a * r,
      ensemble: w * a,
      gather: 7,
      rescale: 1,
      summarize: 7,
      leastGain: 1,
      jackknife: 1,
      plot: 7,
    })
  })
}

const everyFigure = [
  "1a",
  "1a-softplus",
  "1a-smoothed",
  "1b",
  "1c",
  "1d",
  "2a",
  "2b",
  "2c",
  "2d",
  "3a",
  "3b",
  "3c",
  "5ab",
  "5c",
  "5d",
  "6",
  "7a",
  "7bcd",
  "8",
  "9",
  "9-switches",
  "T1",
  "GA",
  "GA-rules",
  "eq11",
  "eq13",
  "eq14",
  "moments",
  "infinite",
  "layers",
  "inflation",
  "bounds",
]
for (const scale of ["quick", "medium", "large", "paper"]) {
  test(`paper.ts at ${scale} scale plans every figure and table of the paper`, async () => {
    const { built, plan } = await loaded("paper.ts", { scale })
    expect(built.page.figures.map(({ id }) => id).sort()).toEqual(everyFigure.toSorted())
    for (const { figure } of built.page.figures)
      expect(plan.byName.get(figure.node.name), figure.node.name).toBe(figure.node)
  })
}

test("one data set feeds figures 1c, 1d, 2b, 3 and 6, and the deep half of table 1", async () => {
  const spec = await loaded("paper.ts", { scale: "paper" })
  const trains = ofStage(spec, "train").filter(({ labels }) => labels["net"] === "softplus5" && labels["n"] === 5000)
  const alphas = [
    ...new Set(
      trains
        .filter(({ labels }) => labels["h"] === 100 && labels["replica"] === 0)
        .map(({ labels }) => labels["sqrtHAlpha"]),
    ),
  ]
  // Those of figure 2 are among them.
  expect(alphas.length).toBe(25)
})

test("the paper's grid is the paper's: 10^(k/3) from 1e-2 to 1e6, widths 100 to 800, its step control", async () => {
  const spec = await loaded("paper.ts", { scale: "paper" })
  const config = Object.fromEntries(spec.built.config.map(({ name, value }) => [name, value])) as Readonly<
    Record<string, ReadonlyArray<number>>
  >
  expect(config["sqrtHAlpha"]!.slice(0, 5)).toEqual([0.01, 0.022, 0.046, 0.1, 0.22])
  expect(config["sqrtHAlpha"]!.slice(-3)).toEqual([220_000, 460_000, 1_000_000])
  expect(config["widths"]).toEqual([100, 200, 400, 800])
  expect([
    config["1a.widths"]!.length,
    config["5c.widths"]!.length,
    config["9.sqrtHAlpha"]!.length,
    config["2.replicas"],
  ]).toEqual([52, 41, 40, 26])
  expect(ofStage(spec, "train")[0]!.params).toMatchObject({
    relaxation: { kind: "proportional", mu: 1000 },
    low: 1e-4,
    high: 1e-2,
  })
  expect(ofStage(spec, "parity").map(({ params }) => params)).toEqual([
    { n: 5000, nTest: 50_000, dimension: 10, fitOn: null },
    { n: 100, nTest: 50_000, dimension: 10, fitOn: null },
  ])
})

/** What a node means: its stage, params and inputs, and the replica where it draws. */
const meanings = (spec: Loaded): ReadonlyArray<string> => {
  const ids = new Map<Node, number>(spec.plan.nodes.map((node, i) => [node, i]))
  const idOf = ({ node, name }: Output): string => `${ids.get(node)} ${name}`
  return spec.plan.nodes.map((node) =>
    node._tag === "SourceNode"
      ? JSON.stringify(node.place)
      : JSON.stringify([
          node.stage.name,
          node.params,
          Object.entries(node.inputs).map(([name, input]) => [
            name,
            Array.isArray(input) ? (input as ReadonlyArray<Output>).map(idOf) : idOf(input as Output),
          ]),
          node.stage.random ? node.labels["replica"] : null,
        ]),
  )
}

const nets = (spec: Loaded) =>
  ofStage(spec, "init").map((net) => ({ name: net.name, params: net.params, inputs: net.inputs, seed: seedOf(net, 0) }))

for (const name of ["paper.ts", "smoke.ts"]) {
  test(`${name}: an initial net does not know alpha, and serves every alpha`, async () => {
    const [some, others] = [await loaded(name), await loaded(name, { sqrtHAlpha: "7" })]
    expect(nets(others)).toEqual(nets(some))
    expect(JSON.stringify(nets(some))).not.toMatch(/alpha/i)
    expect(new Set(nets(some).map(({ seed }) => seed)).size).toBe(nets(some).length)
    for (const train of ofStage(some, "train")) {
      const { node } = train.inputs["weights"] as Output
      expect(node.name).toBe(
        `init/net=${train.labels["net"]},h=${train.labels["h"]},replica=${train.labels["replica"]}`,
      )
    }
  })
}

for (const file of specs) {
  test(`${file.slice(directory.length + 1)}: no claim agrees, at any scale, where its rival was measured`, async () => {
    const { scale, checks, scales } = (await loaded(file)).built
    expect(scales).toContain(scale)
    for (const check of checks)
      for (const at of scales)
        for (const spread of check.rival === undefined ? [] : [null, 0, 0.01, 0.2])
          expect(
            verdictOn({ measured: check.rival!.value, spread }, { ...check, expect: expectedAt(check, at) }),
            check.id,
          ).toMatch(/^(open|contradicts)$/)
  })
}

for (const file of specs) {
  test(`${file.slice(directory.length + 1)}: no two nodes mean the same`, async () => {
    const all = meanings(await loaded(file))
    expect(new Set(all).size).toBe(all.length)
  })

  test(
    `${file.slice(directory.length + 1)}: every check asks for a quantity that is summarized, and stands under ` +
      "one figure",
    async () => {
      const { built } = await loaded(file)
      for (const { id, value, spread } of built.checks) {
        const { stage, params } = value.output.node as StageNode
        expect(summarizing).toContain(stage.name)
        expect(
          (params as unknown as SummarizeParams).quantities.map(({ name }) => name),
          id,
        ).toContain(value.where["quantity"])
        expect([value.column, spread ?? "spread"]).toEqual(["value", "spread"])
      }
      const shown = built.page.figures.flatMap(({ checks }) => checks ?? [])
      expect([...shown].sort()).toEqual(built.checks.map(({ id }) => id).sort())
    },
  )
}

test(
  "paper.ts: the jackknife has of the same ensembles what they give whole and without each net, the same net at " +
    "each place",
  async () => {
    const spec = await loaded("paper.ts")
    for (const { name, inputs } of ofStage(spec, "jackknife")) {
      const [whole, without] = ["table", "without"].map((input) => (inputs[input] as Output).node as StageNode)
      expect(without!.params, name).toEqual(whole!.params)
      const [all, left] = [whole, without].map((gathered) => gathered!.inputs["tables"] as ReadonlyArray<Output>)
      expect(
        left!.map(({ node, name }) => `${node.name} ${name}`),
        name,
      ).toEqual(all!.map(({ node, name }) => `${node.name} ${name}Without`))
    }
    for (const { name, inputs } of ofStage(spec, "ensemble")) {
      const members = inputs["replicas"] as ReadonlyArray<Output>
      // The net of infinite width has no draws: all its places are one node.
      if (new Set(members).size === 1 && members.length > 1) continue
      const replicas = members.map(({ node }) => (node as StageNode).labels["replica"])
      expect(replicas, name).toEqual(replicas.map((_, place) => place))
    }
  },
)

test("paper.ts: every quantity that is summarized judges a claim, and every claim can fail", async () => {
  const spec = await loaded("paper.ts")
  const judged = new Set(spec.built.checks.map(({ value }) => value.where["quantity"]))
  const made = summarizing
    .flatMap((stage) => ofStage(spec, stage))
    .flatMap(({ params }) => (params as unknown as SummarizeParams).quantities.map(({ name }) => name))
  expect(made.filter((name) => !judged.has(name))).toEqual([])
  for (const { id, expect: usual, at = {}, differs } of spec.built.checks) {
    for (const expectation of [usual, ...Object.values(at), ...(differs === undefined ? [] : [differs])]) {
      expect([-1e9, 0, 1e9, Number.NaN].map(expectation.holds).includes(false), id).toBe(true)
    }
  }
})

const heavy = /\/node_modules\/(?:@tensorflow|@resvg|onnxruntime[^/]*|vega[^/]*|arquero|rolldown)\//
const modulesOf = async (...paths: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [resolve(import.meta.dirname, "loading.ts"), ...paths],
    { maxBuffer: 2 ** 26 },
  )
  return JSON.parse(stdout) as ReadonlyArray<string>
}

test("loading and building every spec loads no heavy library", async () => {
  const modules = await modulesOf(...specs)
  expect(modules.filter((url) => heavy.test(url))).toEqual([])
  for (const file of specs) expect(modules).toContain(`file://${file}`)
})

test("that test would see them: a stage's body loads TF.js and ONNX Runtime, the page Vega and resvg", async () => {
  const root = resolve(directory, "..")
  const modules = await modulesOf(`${root}/stages/dynamics/train/train.run.ts`, `${root}/report/render.ts`)
  for (const name of ["@tensorflow/tfjs-core", "onnxruntime-node", "vega", "@resvg/resvg-js"])
    expect(
      modules.some((url) => url.includes(`/node_modules/${name}/`)),
      name,
    ).toBe(true)
})
