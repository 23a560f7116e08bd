// What both sides of a whole run start from, in one file: real points and their labels, points for the kernel, weights.
import { writeFileSync } from "node:fs"
import { codecs } from "../../../pipeline/artifact/artifact.ts"
import type { Architecture } from "../../../stages/net/architecture.ts"
import { modelOf } from "../../../stages/net/model-of.ts"
import { initial } from "../../../stages/net/model.ts"
import { parityOf } from "../../stages/data/mnist.ts"
import type { Timing } from "../timing.ts"

export const run = async ({
  model,
  n,
  problem,
}: {
  readonly model: Architecture
  readonly n: number
  readonly problem: string
}): Promise<Timing> => {
  const { train, test } = await parityOf({ n, nTest: n })
  writeFileSync(
    problem,
    codecs.tensors.encode({ x: train["x"]!, y: train["y"]!, points: test["x"]!, ...initial(modelOf(model), 0) }),
  )
  return { seconds: 0 }
}
