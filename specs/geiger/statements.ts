// What the paper says, in our own words and in its order: each statement with the claims that cover it, or why none
// does. Knows nothing about how claims are judged.
import type { Statement } from "../../pipeline/spec.ts"
import { dynamicsStatements } from "./statements-dynamics.ts"
import { errorStatements } from "./statements-errors.ts"

export const statements: ReadonlyArray<Statement> = [...errorStatements, ...dynamicsStatements]
