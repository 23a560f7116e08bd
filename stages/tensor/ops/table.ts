// Every op that compiles. A new op is one entry in its family; a new family is one line here.
import { arithmetic } from "./arithmetic.ts"
import type { Family } from "./build.ts"
import { exponentials } from "./exponential.ts"
import { logic } from "./logic.ts"
import { products } from "./matmul.ts"
import { reductions } from "./reduce.ts"
import { shapes } from "./shape.ts"

export const lowerings: Family = { ...arithmetic, ...exponentials, ...logic, ...products, ...reductions, ...shapes }
