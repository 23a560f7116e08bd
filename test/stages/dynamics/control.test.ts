// The step control in a compiled step: the same decisions, to the bit, as with JavaScript's numbers.
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { type Bounds, type Clock, begin, decayOf, judge } from "../../../stages/dynamics/control.ts"
import { numbers } from "../../../stages/tensor/double.ts"
import { iterate } from "../../../stages/tensor/iterate.ts"
import type { Step } from "../../../stages/tensor/step.ts"
import { expectClose, tolerance } from "../../support/tolerance.ts"

const unlimited: Bounds = {
  relaxation: { kind: "proportional", mu: 1000 },
  low: 1e-2,
  high: 2e-1,
  stop: { loss: 0, time: null },
}

/** Reads trials from two lists. */
const scripted =
  (bounds: Bounds): Step<never, "t" | "dt" | "i", "changes" | "losses", "t" | "dt" | "decay" | "undone"> =>
  ({ scalars: { i, ...clock }, fixed: { changes, losses } }, s) => {
    const at = (list: tf.Tensor) => s.read(tf.gather(list, tf.cast(s.float(i), "int32")))
    const { undone, clock: next, more } = judge(s, bounds, clock, { change: at(changes), loss: at(losses) })
    return {
      arrays: {},
      scalars: { ...next, i: s.add(i, 1) },
      more,
      row: { ...next, decay: decayOf(s, bounds, clock), undone: s.choose(undone, 1, 0) },
    }
  }

const change = fc.oneof(
  fc.constantFrom(0, 1e-6, 1e-5, 1e-3, 1e-2, 0.1, 0.2, 0.3, 5),
  fc.double({ min: 0, max: 0.4, noNaN: true }),
)
const loss = fc.oneof(
  fc.constantFrom(0, Number.MIN_VALUE, 1e-300, 2),
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0.1, max: 2, noNaN: true }),
)

const rules: Readonly<Record<string, Bounds>> = {
  "a relaxation time of t / mu": unlimited,
  "a constant relaxation time": { ...unlimited, relaxation: { kind: "constant", tau: 1e-49 } },
  "no momentum": { ...unlimited, relaxation: { kind: "none" } },
  "a loss and a time at which to stop": { ...unlimited, stop: { loss: 0.05, time: 1e-45 } },
}

for (const [rule, bounds] of Object.entries(rules))
  test(`with ${rule}, the compiled control decides as it does in plain JavaScript`, async () => {
    const compiled = iterate("scripted", scripted(bounds), { dtype: "float64" })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(change, loss), { minLength: 40, maxLength: 40 }), async (trials) => {
        const lists = {
          changes: { shape: [40], data: Float64Array.from(trials, ([c]) => c) },
          losses: { shape: [40], data: Float64Array.from(trials, ([, l]) => l) },
        }
        const { rows, more } = await compiled({ arrays: {}, scalars: { ...begin, i: 0 } }, lists, 40)
        let [clock, again]: [Clock<number>, boolean] = [begin, true]
        const expected: Array<readonly [number, number, number]> = []
        const decays: Array<number> = []
        for (const [change, loss] of trials) {
          if (!again) break
          decays.push(decayOf(numbers, bounds, clock))
          const verdict = judge(numbers, bounds, clock, { change, loss })
          ;({ clock, more: again } = verdict)
          expected.push([clock.t, clock.dt, verdict.undone ? 1 : 0])
        }
        expect(Array.from(rows.t, (t, i) => [t, rows.dt[i], rows.undone[i]])).toEqual(expected)
        expect(more).toBe(again)
        expectClose("decay", rows.decay, decays, tolerance.float64.op)
      }),
      { seed: 4, numRuns: 40 },
    )
  })

/** What is left of the velocity after a step of 3 at the time 7. */
const left = (relaxation: Bounds["relaxation"]): number =>
  decayOf(numbers, { ...unlimited, relaxation }, { t: 7, dt: 3 })

test("the velocity forgets within tau where that is constant, and at once without momentum", () => {
  expectClose(
    "decay",
    [left({ kind: "proportional", mu: 2 }), left({ kind: "constant", tau: 2 }), left({ kind: "none" })],
    [0.7 ** 2, Math.exp(-3 / 2), 0],
    tolerance.float64.op,
  )
})
