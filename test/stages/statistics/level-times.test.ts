// When curves reach levels: on exponential curves, whose times are known.
import { expect, test } from "vitest"
import type { Table } from "../../../pipeline/stage.ts"
import { Schema } from "effect"
import { LevelTimesParams } from "../../../stages/statistics/level-times.ts"
import { run } from "../../../stages/statistics/level-times.run.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"
import { perform } from "../perform.ts"

const times = async (table: Table, levels: ReadonlyArray<number>): Promise<Table> =>
  (await perform(run({ params: { x: "t", y: "y", by: ["h"], levels }, inputs: { table }, seed: 0 }))).table

test("an exponential takes as long for every factor of the same size", async () => {
  const t = Array.from({ length: 40 }, (_, i) => 3 * i)
  const table = {
    h: [...t.map(() => 1), ...t.map(() => 2)],
    t: [...t, ...t],
    y: [...t.map((each) => Math.exp(-each / 10)), ...t.map((each) => Math.exp(-each / 20))],
  }
  const made = await times(table, [0.5, 0.25, 0.125])
  expect([made["h"], made["level"]]).toEqual([
    [1, 1, 1, 2, 2, 2],
    [0.5, 0.25, 0.125, 0.5, 0.25, 0.125],
  ])
  const spans = [10, 10, 10, 20, 20, 20].map((each) => each * Math.LN2)
  expectClose("spans", made["span"] as ReadonlyArray<number>, spans, tolerance.float64.net)
  const at = [10, 20, 30, 20, 40, 60].map((each) => each * Math.LN2)
  expectClose("times", made["at"] as ReadonlyArray<number>, at, tolerance.float64.net)
})

test("a level that is not reached has no row, and one that holds from the start is reached there", async () => {
  expect(await times({ h: [7, 7, 7], t: [5, 1, 3], y: [0.1, 0.4, 0.2] }, [0.5, 0.2, 0.05])).toEqual({
    h: [7, 7],
    level: [0.5, 0.2],
    at: [1, 3],
    span: [0, 2],
  })
})

test("a loss of exactly zero is reached at its own point", async () => {
  expect(await times({ h: [1, 1], t: [0, 4], y: [1, 0] }, [0.5])).toEqual({ h: [1], level: [0.5], at: [4], span: [4] })
})

test("levels that do not fall are refused", () => {
  const params = { x: "t", y: "y", by: [], levels: [0.5, 0.5] }
  expect(() => Schema.decodeUnknownSync(LevelTimesParams)(params)).toThrow("levels must fall")
})
