// One whole run: the stage `train` until the loss is zero, and the stage `measure`, which takes the kernels before and
// after it. What is compiled on the way counts.
import { readFileSync } from "node:fs"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import type { Tensors } from "../../../pipeline/stage.ts"
import { run as measure } from "../../../stages/observables/measure.run.ts"
import { run as train } from "../../../stages/dynamics/train/train.run.ts"
import type { Architecture } from "../../../stages/net/architecture.ts"
import type { Method } from "../../../stages/net/method.ts"
import { perform } from "../../stages/perform.ts"
import { type Timing, now } from "../timing.ts"

export interface RunParams {
  readonly model: Architecture
  readonly problem: string
  readonly alpha: number
  readonly method: Method
  readonly mu: number
  readonly low: number
  readonly high: number
}

export const run = async ({ model, problem, alpha, method, mu, low, high }: RunParams): Promise<Timing> => {
  const { x, y, points, ...weights } = codecs.tensors.decode(readFileSync(problem)) as Tensors
  const common = {
    model,
    method,
    alpha,
    backend: "onnx" as const,
  }
  const flow = {
    relaxation: { kind: "proportional" as const, mu },
    low,
    high,
    stop: { loss: 0, steps: 1_000_000, time: null },
  }
  const from = now()
  const trained = await perform(
    train({
      params: { ...common, ...flow, loss: "hinge", dtype: method === "difference" ? "float32" : "float64" },
      inputs: { data: { x: x!, y: y! }, weights },
      seed: 0,
    }),
  )
  const measured = await perform(
    measure({
      params: { ...common, kernelPoints: points!.shape[0]!, dtype: "float64" },
      inputs: {
        test: { x: points!, y: y! },
        start: weights,
        end: trained.weights,
        curve: trained.curve,
        finish: trained.end,
      },
      seed: 0,
    }),
  )
  const { step, undone, t } = trained.end as Record<string, ReadonlyArray<number>>
  return {
    seconds: now() - from,
    steps: step![0]! + undone![0]!,
    t: t![0]!,
    kernelChange: Number(measured.observables["kernelChange"]![0]),
  }
}
