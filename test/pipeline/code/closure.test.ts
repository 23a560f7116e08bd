// Which files `watch` looks at: those that a module reaches, found in their text alone.
import { join } from "node:path"
import { expect, it } from "vitest"
import { closure } from "../../../pipeline/code/closure.ts"
import { directoryOf } from "../../support/directory.ts"

it("the closure holds bodies, JSON, what is torn and what is missing, and no package and no bystander", () => {
  const directory = directoryOf({
    "spec.ts":
      'import { a } from "./a.ts"\nimport { torn } from "./torn.ts"\nimport { missing } from ' +
      '"./missing.ts"\nimport "effect"\nexport default [a, torn, missing, () => import("./body.run.ts")]',
    "a.ts": 'import data from "./a.json" with { type: "json" }\nexport const a = data',
    "a.json": "{}",
    "torn.ts": "export const torn = (",
    "body.run.ts": 'throw new Error("nothing here is executed")',
    "bystander.ts": "",
  })
  const files = closure(join(directory, "spec.ts"))
  expect([...files].toSorted()).toEqual(
    ["a.json", "a.ts", "body.run.ts", "missing.ts", "spec.ts", "torn.ts"].map((name) => join(directory, name)),
  )
  expect([...closure(join(directory, "none.ts"))]).toEqual([join(directory, "none.ts")])
})
