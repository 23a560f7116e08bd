// All ops that compile. A new op is one entry in its family; a new family is one line here. Knows nothing about how an
// op is lowered.
import { activations } from "./activation.ts"
import { arithmetic } from "./arithmetic.ts"
import type { Family } from "./build.ts"
import { convolutions } from "./conv.ts"
import { depthwise } from "./depthwise.ts"
import { errorFunction } from "./erf.ts"
import { exponentials } from "./exponential.ts"
import { folds } from "./fold.ts"
import { images } from "./image.ts"
import { logic } from "./logic.ts"
import { products } from "./matmul.ts"
import { normalisations } from "./normalise.ts"
import { pools } from "./pool.ts"
import { rearrangements } from "./rearrange.ts"
import { reductions } from "./reduce.ts"
import { shapes } from "./shape.ts"

export const lowerings: Family = {
  ...activations,
  ...arithmetic,
  ...convolutions,
  ...depthwise,
  ...errorFunction,
  ...exponentials,
  ...folds,
  ...images,
  ...logic,
  ...normalisations,
  ...pools,
  ...products,
  ...rearrangements,
  ...reductions,
  ...shapes,
}
