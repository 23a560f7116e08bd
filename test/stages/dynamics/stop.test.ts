// When a training is over: at each rule alone, and where two are met at once.
import { expect, test } from "vitest"
import { ended, type Stop } from "../../../stages/dynamics/stop.ts"

const stop: Stop = { loss: 0.005, steps: 100, time: 3 }
const moment = { loss: 1, step: 10, t: 1 }

test("a training goes on while no rule is met", () => {
  expect(ended(stop, moment)).toBeUndefined()
  expect(ended(stop, { loss: 0.00501, step: 99, t: 2.99 })).toBeUndefined()
})

test("it has converged once the loss is at most what was asked for, and where that is 0, only at 0", () => {
  expect(ended(stop, { ...moment, loss: 0.005 })).toBe("converged")
  expect(ended({ ...stop, loss: 0 }, { ...moment, loss: Number.MIN_VALUE })).toBeUndefined()
  expect(ended({ ...stop, loss: 0 }, { ...moment, loss: 0 })).toBe("converged")
})

test("it is cut short after so many steps, or after so much time where a time is given", () => {
  expect(ended(stop, { ...moment, step: 100 })).toBe("cut short")
  expect(ended(stop, { ...moment, t: 3 })).toBe("cut short")
  expect(ended({ ...stop, time: null }, { ...moment, t: 1e300 })).toBeUndefined()
})

test("the last step it may take can still bring it home", () => {
  expect(ended(stop, { loss: 0, step: 100, t: 3 })).toBe("converged")
})

test("a loss that is no number has not converged", () => {
  expect(ended(stop, { ...moment, loss: Number.NaN })).toBeUndefined()
})
