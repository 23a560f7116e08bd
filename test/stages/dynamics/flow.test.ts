// The step control on problems of one or two numbers: against the scheme of the paper's program written once more,
// and rule by rule on trials made up for it.
import { expect, test } from "vitest"
import { StageError } from "../../../pipeline/stage.ts"
import { type Attempt, Curve, type FlowParams, type Moment, follow, oneByOne } from "../../../stages/dynamics/flow.ts"

const proportional = (mu: number): FlowParams["relaxation"] => ({ kind: "proportional", mu })
const upTo = (steps: number): FlowParams["stop"] => ({ loss: 0, steps, time: null })
const params: FlowParams = { relaxation: proportional(1000), low: 1e-2, high: 2e-1, stop: upTo(20_000) }

/** f = w0 w1 on one point with y = 1: loss max(0, 1 - f), gradient -(w1, w0) while f < 1; starts at (1, 0). */
class Product {
  w: readonly [number, number] = [1, 0]
  v: readonly [number, number] = [0, 0]
  readonly attempt = (decay: number, dt: number): Attempt => {
    const { w, v } = this
    const gradient = w[0] * w[1] < 1 ? ([-w[1], -w[0]] as const) : ([0, 0] as const)
    const v2 = [decay * v[0] - (1 - decay) * gradient[0], decay * v[1] - (1 - decay) * gradient[1]] as const
    const w2 = [w[0] + dt * v2[0], w[1] + dt * v2[1]] as const
    const take = (): void => {
      this.w = w2
      this.v = v2
    }
    return { change: Math.abs(w2[0] * w2[1] - w[0] * w[1]), loss: Math.max(0, 1 - w2[0] * w2[1]), take }
  }
}

/** The same, straight from G-DYN: every (t, f) on the way. Only "no change" is said otherwise (control.ts). */
const byTheBook = (
  mu: number,
  { low, high, stop }: FlowParams,
): { readonly path: ReadonlyArray<readonly [number, number]>; readonly undone: number } => {
  let [w0, w1, v0, v1, t, dt, undone] = [1, 0, 0, 0, 0, 1e-50, 0]
  const path: Array<readonly [number, number]> = [[0, 1]]
  for (let tried = 0; tried < stop.steps; tried++) {
    const f = w0 * w1
    if (f >= 1) break
    const before = [w0, w1, v0, v1, t] as const
    const x = t === 0 ? 0 : Math.pow(t / (t + dt), mu)
    ;[v0, v1] = [x * v0 - (1 - x) * -w1, x * v1 - (1 - x) * -w0]
    w0 += dt * v0
    w1 += dt * v1
    t += dt
    const change = Math.abs(w0 * w1 - f)
    if (change > high) {
      ;[w0, w1, v0, v1, t] = before
      dt /= 10
      undone++
      continue
    }
    if (change < 1e-3 * low) dt *= 10
    else if (change < low) dt *= 1.1
    path.push([t, Math.max(0, 1 - w0 * w1)])
  }
  return { path, undone }
}

for (const [name, bounds] of [
  ["quick", { low: 1e-2, high: 2e-1 }],
  ["the paper's", { low: 1e-4, high: 1e-2 }],
  ["tight", { low: 1e-2, high: 1.05e-2 }],
] as const) {
  for (const mu of [1, 1000]) {
    test(`with ${name} bounds and mu = ${mu} every step is that of the paper's program`, async () => {
      const seen: Array<readonly [number, number]> = []
      const own = { ...params, ...bounds, relaxation: proportional(mu) }
      const end = await follow(own, 1, oneByOne(own, new Product().attempt), 100, ({ t, loss }) => seen.push([t, loss]))
      const { path, undone } = byTheBook(mu, own)
      // The first step that differs: a whole path is no message.
      expect(seen.findIndex(([t, loss], i) => t !== path[i]?.[0] || loss !== path[i]?.[1])).toBe(-1)
      expect(end).toEqual({ step: path.length - 1, t: path.at(-1)![0], loss: 0, undone, converged: true })
      expect(path.length).toBeGreaterThan(50)
    })
  }
}

// The flow itself: w1' = w0, w0' = w1 from (1, 0) is cosh and sinh, f = sinh(2 t) / 2 = 1 at t = asinh(2) / 2.
test("with strong friction and small steps the end comes when the flow itself says", async () => {
  const slow = { relaxation: proportional(1e5), low: 1e-4, high: 1e-3, stop: upTo(200_000) }
  const { t } = await follow(slow, 1, oneByOne(slow, new Product().attempt), 100, () => {})
  expect(Math.abs(t / (Math.asinh(2) / 2) - 1)).toBeLessThan(3e-4) // the size of the last step
})

/** Follows a list of trials; what was asked of each, and which were taken. */
const script = async (
  trials: ReadonlyArray<readonly [change: number, loss: number]>,
  more: Partial<FlowParams> = {},
) => {
  const asked: Array<{ readonly decay: number; readonly dt: number }> = []
  const taken: Array<number> = []
  const moments: Array<Moment> = []
  const attempt = (decay: number, dt: number): Attempt => {
    const at = asked.push({ decay, dt }) - 1
    const [change, loss] = trials[at]!
    return { change, loss, take: () => taken.push(at) }
  }
  const own = { ...params, stop: upTo(trials.length), ...more }
  const end = follow(own, 1, oneByOne(own, attempt), 1, (moment) => moments.push(moment))
  return { end: await end.catch((error: unknown) => error), asked, taken, moments }
}
const growths = (asked: ReadonlyArray<{ readonly dt: number }>): ReadonlyArray<number> =>
  asked.slice(1).map(({ dt }, i) => Number((dt / asked[i]!.dt).toPrecision(12)))

const stepGrows =
  "a step grows tenfold where next to nothing changes, by a tenth below `low`, and stays from `low` to `high`"
test(stepGrows, async () => {
  const { asked, taken } = await script([
    [0, 1],
    [9e-6, 1],
    [1e-5, 0.95],
    [1e-3, 0.9],
    [1e-2, 0.8],
    [2e-1, 0.7],
    [0, 0.6],
    [0, 0.5],
  ])
  expect(asked[0]).toEqual({ decay: 0, dt: 1e-50 })
  expect(growths(asked)).toEqual([10, 10, 1.1, 1.1, 1, 1, 10])
  expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test("a step that changes more than `high` is undone and tried again with a tenth", async () => {
  const { end, asked, taken, moments } = await script([
    [5e-2, 0.9],
    [0.3, 0.1],
    [0.21, 0.2],
    [0.1, 0],
  ])
  expect(growths(asked)).toEqual([1, 0.1, 0.1])
  expect(taken).toEqual([0, 3])
  expect(asked.slice(1).map(({ decay, dt }) => decay === (1e-50 / (1e-50 + dt)) ** 1000)).toEqual([true, true, true])
  expect(moments.map(({ step, loss }) => [step, loss])).toEqual([
    [0, 1],
    [1, 0.9],
    [2, 0],
  ])
  expect(end).toMatchObject({ step: 2, undone: 2, loss: 0, converged: true })
  expect((end as Moment).t).toBe(1e-50 + 1e-50 / 10 / 10)
})

test("a stop rule of another loss, or of a time, ends the flow there", async () => {
  const fitted = await script(
    [
      [0.1, 0.5],
      [0.1, 0.2],
      [0.1, 0.1],
    ],
    { stop: { ...upTo(3), loss: 0.2 } },
  )
  expect(fitted.end).toMatchObject({ step: 2, loss: 0.2, converged: true })
  const late = await script(
    [
      [0.1, 0.5],
      [0.1, 0.4],
      [0.1, 0.3],
    ],
    { stop: { ...upTo(3), time: 2e-50 } },
  )
  expect(late.end).toMatchObject({ step: 2, loss: 0.4, converged: false })
})

test("with a stop rule of zero only a loss of exactly zero is an end", async () => {
  const { end, asked } = await script([
    [0.1, 1e-300],
    [0.1, Number.MIN_VALUE],
    [0.1, 0],
    [0.1, 0],
  ])
  expect(asked.length).toBe(3)
  expect(end).toMatchObject({ step: 3, converged: true })
})

test("after so many tries, undone ones included, a run ends without having converged", async () => {
  const { end } = await script([
    [0.1, 0.9],
    [0.3, 0.1],
    [0.1, 0.8],
  ])
  expect(end).toMatchObject({ step: 2, undone: 1, loss: 0.8, converged: false })
})

test("a loss or a change that is no number ends the run as diverged, naming the step", async () => {
  for (const bad of [
    [0.1, Number.NaN],
    [Number.NaN, 0.5],
    [0.1, Infinity],
  ] as const) {
    const { end, moments } = await script([[0.1, 0.9], [0.1, 0.8], bad])
    expect(end).toBeInstanceOf(StageError)
    expect(end).toMatchObject({
      reason: "Diverged",
      message: expect.stringMatching(/after step 2 at t = 2\.000e-50.*the loss was 0\.8000 before/),
    })
    expect(moments.map(({ step }) => step)).toEqual([0, 1, 2])
  }
})

test("the same steps are taken, whatever the number tried at a time", async () => {
  const own = { ...params, low: 1e-2, high: 1.05e-2 }
  const at = async (tries: number) => {
    const moments: Array<Moment> = []
    return {
      end: await follow(own, 1, oneByOne(own, new Product().attempt), tries, (moment) => moments.push(moment)),
      moments,
    }
  }
  const one = await at(1)
  expect(one.end.undone).toBeGreaterThan(0)
  for (const tries of [7, 1e6]) expect(await at(tries)).toEqual(one)
})

const curveOf = (moments: ReadonlyArray<readonly [t: number, loss: number]>) => {
  const curve = new Curve()
  for (const [step, [t, loss]] of moments.entries()) curve.see({ step, t, loss })
  return curve.table()
}

test("a curve keeps its first and its last moment, once each", () => {
  expect(curveOf([[0, 1]])).toEqual({ step: [0], t: [0], loss: [1] })
  expect(
    curveOf([
      [0, 1],
      [1e-9, 1],
      [2e-9, 1],
    ]),
  ).toEqual({ step: [0, 2], t: [0, 2e-9], loss: [1, 1] })
  expect(
    curveOf([
      [0, 1],
      [1, 0],
    ]),
  ).toEqual({ step: [0, 1], t: [0, 1], loss: [1, 0] })
})

test("in between it keeps moments at which the loss fell by 0.005 or the time grew by a twentieth", () => {
  expect(
    curveOf([
      [0, 1],
      [1, 0.99995],
      [1.01, 0.994],
      [1.02, 0.99],
      [1.03, 0.988],
      [1.09, 0.987],
      [1.1, 0.986],
    ]),
  ).toEqual({ step: [0, 2, 4, 5, 6], t: [0, 1.01, 1.03, 1.09, 1.1], loss: [1, 0.994, 0.988, 0.987, 0.986] })
})

test("the first moment below one half is kept, since a time is read there", () => {
  expect(
    curveOf([
      [0, 1],
      [1, 0.502],
      [1.01, 0.5],
      [1.02, 0.4999],
      [1.03, 0.4998],
      [1.04, 0.499],
    ]),
  ).toEqual({ step: [0, 1, 3, 5], t: [0, 1, 1.02, 1.04], loss: [1, 0.502, 0.4999, 0.499] })
})
