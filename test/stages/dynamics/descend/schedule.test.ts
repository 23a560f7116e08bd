// Learning rates by epoch: against formulas written with Math.cos, and compiled against plain numbers.
import { Schema } from "effect"
import { expect, test } from "vitest"
import { Schedule, rateAt } from "../../../../stages/dynamics/descend/schedule.ts"
import { numbers } from "../../../../stages/tensor/double.ts"
import { iterate } from "../../../../stages/tensor/iterate.ts"
import type { Step } from "../../../../stages/tensor/step.ts"
import { expectClose, tolerance } from "../../../support/tolerance.ts"

const cosine: Schedule = { kind: "warm-up-cosine", rate: 0.3, warmUp: 15, epochs: 750 }
const inverse: Schedule = { kind: "inverse", rate: 2, decay: 100 / 300 }
const at = (schedule: Schedule, ...epochs: ReadonlyArray<number>): ReadonlyArray<number> =>
  epochs.map((epoch) => rateAt(numbers, schedule, epoch))

test("a constant rate stays", () => {
  expect(at({ kind: "constant", rate: 0.1 }, 0, 1, 1e6)).toEqual([0.1, 0.1, 0.1])
})

test("an inverse rate is half where decay times epochs are one", () => {
  expectClose("rates", at(inverse, 0, 1, 3, 99), [2, 2 / (4 / 3), 1, 2 / 34], tolerance.float64.op)
})

test("a warm-up begins at nothing, passes the rate half-way, and ends at twice the rate", () => {
  expectClose("rates", at(cosine, 0, 1, 7.5, 14, 15), [0, 0.04, 0.3, 0.56, 0.6], tolerance.float64.op)
})

test("then it goes down half a cosine, to a fifteenth of the rate and no further", () => {
  const epochs = Array.from({ length: 736 }, (_, i) => 15 + i)
  const expected = epochs.map((epoch) => Math.max(0.3 * (1 + Math.cos(((epoch - 15) * Math.PI) / 735)), 0.3 / 15))
  expectClose("rates", at(cosine, ...epochs), expected, tolerance.float64.op)
  expect(at(cosine, 750, 751, 2000)).toEqual([0.02, 0.02, 0.02])
  expect(expected.filter((rate) => rate === 0.02).length).toBeGreaterThan(1)
})

test("without a warm-up it begins at the top", () => {
  expect(at({ ...cosine, warmUp: 0 }, 0)).toEqual([0.6])
})

test("compiled, the rates are the same", async () => {
  for (const schedule of [cosine, inverse, { kind: "constant", rate: 0.1 }] as const) {
    const each: Step<never, "epoch", never, "rate"> = ({ scalars: { epoch } }, s) => ({
      arrays: {},
      scalars: { epoch: s.add(epoch, 2.5) },
      more: s.less(epoch, 800),
      row: { rate: rateAt(s, schedule, epoch) },
    })
    const { rows } = await iterate("schedule", each, { dtype: "float32" })(
      { arrays: {}, scalars: { epoch: 0 } },
      {},
      310,
    )
    expectClose(
      schedule.kind,
      rows.rate,
      at(schedule, ...Array.from({ length: 310 }, (_, i) => 2.5 * i)),
      tolerance.float64.op,
    )
  }
})

test("a warm-up takes fifteen epochs unless it is said", () => {
  expect(Schema.decodeUnknownSync(Schedule)({ kind: "warm-up-cosine", rate: 1, epochs: 40 })).toEqual({
    kind: "warm-up-cosine",
    rate: 1,
    warmUp: 15,
    epochs: 40,
  })
})
