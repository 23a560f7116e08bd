// Every spec under specs/: it loads without its libraries, plans, has the nodes its grid says, and asks for nothing
// that no stage gives.
import { execFile } from "node:child_process"
import { readdirSync } from "node:fs"
import { resolve } from "node:path"
import { promisify } from "node:util"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { seedOf } from "../../pipeline/key.ts"
import { load, type Loaded } from "../../pipeline/load.ts"
import type { Node, Output, StageNode } from "../../pipeline/node.ts"
import { run as summarize } from "../../stages/analysis/summarize.run.ts"
import { perform } from "../stages/perform.ts"

const directory = resolve(import.meta.dirname, "../../specs")
const files = readdirSync(directory).map((name) => resolve(directory, name))
const exported = await Promise.all(files.map(async (file) => ((await import(file)) as { readonly default?: { readonly _tag?: string } }).default?._tag))
const specs = files.filter((_, i) => exported[i] === "Spec")

const loaded = (name: string, settings: { readonly [name: string]: string } = {}): Promise<Loaded> => Effect.runPromise(load(resolve(directory, name), settings))
const stageNodes = ({ plan }: Loaded): ReadonlyArray<StageNode> => plan.nodes.filter((node) => node._tag === "StageNode")
const ofStage = (spec: Loaded, name: string): ReadonlyArray<StageNode> => stageNodes(spec).filter(({ stage }) => stage.name === name)
const counts = (spec: Loaded): Readonly<Record<string, number>> => {
  const all: { [stage: string]: number } = {}
  for (const node of spec.plan.nodes) {
    const name = node._tag === "StageNode" ? node.stage.name : "source"
    all[name] = (all[name] ?? 0) + 1
  }
  return all
}

test("specs/ has the two specs of the README, and what they share", () => {
  expect(specs.map((file) => file.slice(directory.length + 1))).toEqual(["paper.ts", "smoke.ts"])
})

// With w widths, a alphas and r replicas: w r nets and frozen kernels, w a r runs, w a ensembles; six gathered tables
// and six figures.
const grids = [
  ["smoke.ts", {}, { w: 2, a: 3, r: 2 }, 56],
  ["paper.ts", {}, { w: 2, a: 8, r: 3 }, 142],
  ["paper.ts", { scale: "paper" }, { w: 4, a: 25, r: 10 }, 2198],
  ["paper.ts", { widths: "32", sqrtHAlpha: "1,10", replicas: "1" }, { w: 1, a: 2, r: 1 }, 26],
] as const
for (const [file, settings, { w, a, r }, total] of grids) {
  const set = Object.entries(settings).map(([name, value]) => ` ${name}=${value}`).join("")
  test(`${file}${set} plans ${total} nodes: its grid of ${w} widths, ${a} scales and ${r} replicas, and what is shared`, async () => {
    const spec = await loaded(file, settings)
    expect(counts(spec)).toEqual({ source: 4, parity: 1, init: w * r, linearize: w * r, train: w * a * r, measure: w * a * r, ensemble: w * a, gather: 6, summarize: 1, plot: 6 })
    expect(spec.plan.nodes.length).toBe(total)
  })
}

test("the paper's grid is the paper's: 10^(k/3) from 1e-2 to 1e6, widths 100 to 800, its step control", async () => {
  const spec = await loaded("paper.ts", { scale: "paper" })
  const trains = ofStage(spec, "train")
  const params = trains.map(({ params }) => params as Readonly<Record<string, number>>)
  const alphas = [...new Set(params.map(({ sqrtHAlpha }) => sqrtHAlpha!))]
  expect(alphas.slice(0, 5)).toEqual([0.01, 0.022, 0.046, 0.1, 0.22])
  expect(alphas.slice(-3)).toEqual([220_000, 460_000, 1_000_000])
  expect([...new Set(trains.map(({ labels }) => labels["h"]))]).toEqual([100, 200, 400, 800])
  expect(params[0]).toMatchObject({ relaxation: { kind: "proportional", mu: 1000 }, low: 1e-4, high: 1e-2 })
  expect(ofStage(spec, "parity")[0]!.params).toEqual({ n: 5000, nTest: 50_000, dimension: 10, fitOn: null })
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
          Object.entries(node.inputs).map(([name, input]) => [name, Array.isArray(input) ? (input as ReadonlyArray<Output>).map(idOf) : idOf(input as Output)]),
          node.stage.random ? node.labels["replica"] : null,
        ]),
  )
}

const nets = (spec: Loaded) => ofStage(spec, "init").map((net) => ({ name: net.name, params: net.params, inputs: net.inputs, seed: seedOf(net, 0) }))

for (const file of specs) {
  test(`${file.slice(directory.length + 1)}: no two nodes mean the same`, async () => {
    const all = meanings(await loaded(file))
    expect(new Set(all).size).toBe(all.length)
  })

  test(`${file.slice(directory.length + 1)}: an initial net does not know alpha, and serves every alpha`, async () => {
    const [some, others] = [await loaded(file), await loaded(file, { sqrtHAlpha: "7" })]
    expect(nets(others)).toEqual(nets(some))
    expect(JSON.stringify(nets(some))).not.toMatch(/alpha/i)
    expect(new Set(nets(some).map(({ seed }) => seed)).size).toBe(nets(some).length)
    for (const train of ofStage(some, "train")) {
      const { node } = train.inputs["weights"] as Output
      expect(node.name).toBe(`init/h=${train.labels["h"]},replica=${train.labels["replica"]}`)
    }
  })

  test(`${file.slice(directory.length + 1)}: every check asks for a quantity that is summarized, and every figure for checks that are made`, async () => {
    const { built } = await loaded(file)
    const observables = { h: [1], replica: [0], sqrtHAlpha: [1], kernelChange: [1], weightChange: [1], t1: [1], testError: [0], converged: [true] }
    const { summary } = await perform(
      summarize({
        params: { feature: { from: 0, to: 1 }, lazy: { from: 1, to: 2 } },
        inputs: { observables, ensembles: { replicas: [2], meanError: [0], ensembleError: [0] }, frozen: { h: [1], replica: [0], testError: [0], converged: [true] } },
        seed: 0,
      }),
    )
    for (const check of built.checks) {
      expect((check.value.output.node as StageNode).stage.name).toBe("summarize")
      expect(summary["quantity"], check.id).toContain(check.value.where["quantity"])
      expect(Object.keys(summary)).toEqual(expect.arrayContaining([check.value.column, ...(check.spread === undefined ? [] : [check.spread])]))
    }
    const shown = built.page.figures.flatMap(({ checks }) => checks ?? [])
    expect([...shown].sort()).toEqual(built.checks.map(({ id }) => id).sort())
  })
}

const heavy = /\/node_modules\/(?:@tensorflow|@resvg|onnxruntime[^/]*|vega[^/]*|arquero|rolldown)\//
const modulesOf = async (...paths: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { stdout } = await promisify(execFile)(process.execPath, [resolve(import.meta.dirname, "loading.ts"), ...paths], { maxBuffer: 2 ** 26 })
  return JSON.parse(stdout) as ReadonlyArray<string>
}

test("loading and building every spec loads no heavy library", async () => {
  const modules = await modulesOf(...specs)
  expect(modules.filter((url) => heavy.test(url))).toEqual([])
  for (const file of specs) expect(modules).toContain(`file://${file}`)
})

test("that test would see them: a stage's body loads TF.js and ONNX Runtime, the page Vega and resvg", async () => {
  const root = resolve(directory, "..")
  const modules = await modulesOf(`${root}/stages/dynamics/train.run.ts`, `${root}/report/render.ts`)
  for (const name of ["@tensorflow/tfjs-core", "onnxruntime-node", "vega", "@resvg/resvg-js"]) expect(modules.some((url) => url.includes(`/node_modules/${name}/`)), name).toBe(true)
})
