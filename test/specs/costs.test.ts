// What nodes are expected to take, against steps and seconds that were counted and measured.
import { resolve } from "node:path"
import { Effect } from "effect"
import { expect, test } from "vitest"
import { load } from "../../pipeline/plan/load.ts"
import type { StageNode } from "../../pipeline/node.ts"

const spec = resolve(import.meta.dirname, "../../specs/paper.ts")
const planned = (settings: { readonly [name: string]: string } = {}, file = spec) =>
  Effect.runPromise(load(file, settings))
const seconds = async (name: string, settings: { readonly [name: string]: string } = {}): Promise<number> => {
  const { plan, built } = await planned(settings)
  return built.seconds(plan.byName.get(name) as StageNode)!
}

// Measured on one idle core; within a factor of three.
const measured = [
  ["train/n=200,net=softplus5,h=32,sqrtHAlpha=1,replica=0", {}, 1.5],
  ["train/n=200,net=softplus5,h=128,sqrtHAlpha=10000,replica=0", {}, 12],
  ["train/n=1000,net=softplus5,h=100,sqrtHAlpha=100000,replica=0", { scale: "medium" }, 170],
] as const
for (const [name, settings, took] of measured) {
  test(`${name} is expected to take about ${took} s`, async () => {
    const expected = await seconds(name, settings)
    expect(expected).toBeGreaterThan(took / 3)
    expect(expected).toBeLessThan(3 * took)
  })
}

const at = (h: number, n: number): string => `train/n=${n},net=softplus5,h=${h},sqrtHAlpha=1,replica=0`
test("wider nets, more points and tighter bounds take longer", async () => {
  const usual = await seconds(at(32, 200))
  expect(await seconds(at(128, 200))).toBeGreaterThan(2 * usual)
  expect(await seconds(at(32, 400), { n: "400" })).toBeGreaterThan(2.5 * usual)
  expect(await seconds(at(32, 200), { low: "1e-4", high: "1e-2" })).toBeGreaterThan(10 * usual)
})

test("every training and every kernel is expected to take some time, at every scale", async () => {
  for (const scale of ["quick", "medium", "large", "paper"]) {
    const { plan, built } = await planned({ scale })
    const told = plan.nodes.filter(
      (node) =>
        node._tag === "StageNode" &&
        ["train", "watch", "trainAtTemperature", "linearize", "measure"].includes(node.stage.name),
    )
    for (const node of told) expect(built.seconds(node as StageNode), node.name).toBeGreaterThan(0)
    expect(told.length).toBeGreaterThan(100)
  }
})

// A week of a group's cluster.
test("the scale large is expected to take less than 20,000 core-hours", async () => {
  const { plan, built } = await planned({ scale: "large" })
  const hours = plan.nodes
    .map((node) => (node._tag === "StageNode" ? (built.seconds(node) ?? 0) : 0))
    .reduce((sum, seconds) => sum + seconds / 3600, 0)
  expect(hours).toBeGreaterThan(1_000)
  expect(hours).toBeLessThan(20_000)
})

// Measured beside other work on the two cores; within a factor of three.
const sweep = [
  ["movement/inputs=10,h=100,draw=pytorch,replica=0", 2.6],
  ["movement/inputs=10,h=5000,draw=pytorch,replica=0", 1.4],
  ["movement/inputs=10,hidden=2000-200-2000,outputs=1,draw=narrow-shared,replica=0", 50],
  ["movement/inputs=1280,hidden=2000,outputs=10,draw=glorot,replica=0", 390],
  ["backboneEpoch/images=all,epoch=1", 213],
] as const
for (const [name, took] of sweep) {
  test(`weight-movement.ts: ${name} is expected to take about ${took} s`, async () => {
    const file = resolve(import.meta.dirname, "../../specs/weight-movement.ts")
    const { plan, built } = await planned({ scale: "paper" }, file)
    const expected = built.seconds(plan.byName.get(name) as StageNode)!
    expect(expected).toBeGreaterThan(took / 3)
    expect(expected).toBeLessThan(3 * took)
  })
}
