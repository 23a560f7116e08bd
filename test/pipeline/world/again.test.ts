// Other code of the process may replace what is guarded, as some packages replace process.cwd. A run that begins guards
// the replacement.
import { expect, it } from "vitest"
import { behind } from "../../../pipeline/world/guard.ts"
import { sandbox } from "../../../pipeline/world/sandbox.ts"

const replacement = (): string => "/elsewhere"

it("a member that was replaced is guarded when a run begins, once", () => {
  sandbox.beginBesideOthers()
  const original = behind(process.cwd)
  process.cwd = replacement
  sandbox.beginBesideOthers()
  const guarded = process.cwd
  expect(behind(guarded)).toBe(replacement)
  sandbox.beginBesideOthers()
  expect(process.cwd).toBe(guarded)
  process.cwd = original as typeof process.cwd
  sandbox.beginBesideOthers()
})
