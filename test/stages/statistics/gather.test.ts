// Tables of a grid put under each other.
import { expect, test } from "vitest"
import { StageError, type Table } from "../../../pipeline/stage.ts"
import type { GatherParams } from "../../../stages/statistics/gather.ts"
import { run } from "../../../stages/statistics/gather.run.ts"
import { failure, perform } from "../perform.ts"

const gathered = async (params: GatherParams, ...tables: ReadonlyArray<Table>) =>
  (await perform(run({ params, inputs: { tables }, seed: 0 }))).table

test("each row gets the labels of its table, the labels' columns first", async () => {
  const table = await gathered(
    {
      labels: [
        { h: 8, net: "a" },
        { h: 16, net: "b" },
      ],
      columns: null,
      rows: null,
    },
    { t: [1, 2], fits: [true, false] },
    { t: [3], fits: [true] },
  )
  expect(table).toEqual({ h: [8, 8, 16], net: ["a", "a", "b"], t: [1, 2, 3], fits: [true, false, true] })
  expect(Object.keys(table)).toEqual(["h", "net", "t", "fits"])
})

test("long tables are thinned to evenly spread rows, the first and the last among them", async () => {
  const long = { t: Array.from({ length: 11 }, (_, i) => i) }
  expect(await gathered({ labels: [{ h: 8 }, { h: 16 }], columns: null, rows: 3 }, long, { t: [7, 8] })).toEqual({
    h: [8, 8, 8, 16, 16],
    t: [0, 5, 10, 7, 8],
  })
  expect((await gathered({ labels: [{}], columns: null, rows: 11 }, long))["t"]).toEqual(long.t)
  expect((await gathered({ labels: [{}], columns: null, rows: 10 }, long))["t"]).toEqual([
    0, 1, 2, 3, 4, 6, 7, 8, 9, 10,
  ])
})

test("only the columns asked for are kept", async () => {
  const params = { labels: [{ h: 8 }], columns: ["loss", "t"], rows: 2 }
  expect(await gathered(params, { step: [0, 1, 2], t: [0, 0.5, 1], loss: [1, 0.5, 0] })).toEqual({
    h: [8, 8],
    loss: [1, 0],
    t: [0, 1],
  })
})

test("not a number stays in its row", async () => {
  expect(
    await gathered({ labels: [{ h: 8 }, { h: 16 }], columns: null, rows: null }, { t1: [Number.NaN] }, { t1: [2] }),
  ).toEqual({ h: [8, 16], t1: [Number.NaN, 2] })
})

test("no tables are an empty one", async () => {
  expect(await gathered({ labels: [], columns: null, rows: null })).toEqual({})
})

test("tables without their labels are refused", async () => {
  const error = await failure(
    run({
      params: { labels: [{ h: 8 }], columns: null, rows: null },
      inputs: { tables: [{ t: [1] }, { t: [2] }] },
      seed: 0,
    }),
  )
  expect(error).toBeInstanceOf(StageError)
  expect(error).toMatchObject({ reason: "InvalidInput", message: "there are 2 tables, but 1 labels" })
})
