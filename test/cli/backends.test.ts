// The smoke spec in float32, by ONNX Runtime and by TF.js itself: whole processes, the same numbers.
import { readFileSync } from "node:fs"
import { fromCSV } from "arquero"
import { afterAll, beforeAll, expect, it } from "vitest"
import { Project } from "../support/project.ts"
import { agreement, expectClose } from "../support/tolerance.ts"

// Steps as the control has them: about fifty bring the size of a step up from 1e-50; fifty more move the net.
const settings = { dtype: "float32", sqrtHAlpha: "0.1,10", widths: "8", replicas: "1", maxSteps: "100" }
let project: Project
beforeAll(() => {
  project = new Project()
})
afterAll(() => project[Symbol.dispose]())

/** The numbers of the observables' table, by column. */
const observed = async (backend: string): Promise<Readonly<Record<string, ReadonlyArray<number>>>> => {
  const flags = Object.entries({ ...settings, backend }).flatMap(([key, value]) => ["--set", `${key}=${value}`])
  const { code, out: said, err } = await project.run("run", "specs/smoke.ts", "--out", `out-${backend}`, ...flags)
  // Nothing converges in so few steps: the checks that ask for it differ, and nothing else does.
  expect(code, said + err).toBe(4)
  const table = fromCSV(readFileSync(project.path(`out-${backend}/smoke/tables/gather-of-observables-2.csv`), "utf8"))
  return Object.fromEntries(
    table.columnNames().map((name) => [name, Array.from(table.array(name) as Iterable<number>)]),
  )
}

it("onnx and cpu move the nets alike in a hundred steps", async () => {
  const [compiled, eager] = [await observed("onnx"), await observed("cpu")]
  expect(compiled["steps"]).toEqual([100, 100])
  expect(eager["steps"]).toEqual(compiled["steps"])
  for (const column of ["kernelChange", "weightChange"]) {
    expect(Math.min(...compiled[column]!)).toBeGreaterThan(0)
    expectClose(
      column,
      compiled[column]!.map((value, i) => value / eager[column]![i]!),
      [1, 1],
      agreement.float32Steps,
    )
  }
}, 120_000)
