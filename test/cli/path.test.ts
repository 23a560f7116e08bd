// A project, a spec, a store and a page may be called as one likes: by signs that a URL, a shell or a pattern would
// take for its own. Whole processes, in workers.
import { existsSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { layered } from "../support/layered.ts"
import { lastLine, Project, rooms } from "../support/project.ts"

const small = ["--set", "widths=8", "--set", "replicas=1", "--set", "sqrtHAlpha=0.1,1e5", "--set", "maxSteps=300"]
const names = ["a b#y", "q?x=1%20p", "p%zz λü", `it's "so"`, "[b]{c},d=e;s&$HOME"]

describe("a project, a spec, a store and a folder of pages called", () => {
  for (const name of names) {
    it(`${name} run, and are hits the second time`, async () => {
      using project = new Project({ name, copied: rooms })
      const spec = `specs/${name}.ts`
      project.write(spec, layered)
      const places = ["--store", `${name}-store`, "--out", `${name}-out`]
      const run = ["run", spec, "--set", "width=2", "--set", "depth=1", "--retries", "0", ...places]
      expect(lastLine(await project.said(0, ...run))).toContain("2 nodes: 0 hit, 0 joined, 2 run")
      const again = await project.said(0, ...run, "--executor", "inline")
      expect(lastLine(again)).toContain("2 nodes: 2 hit, 0 joined, 0 run")
      expect(existsSync(project.path(`${name}-out/${name}/index.html`))).toBe(true)
    }, 60_000)
  }
})

it("the smoke spec runs in such a folder, is looked at, locked, verified, drawn and begun anew", async () => {
  using project = new Project({ name: `all #%é 'x' "y" $1`, copied: rooms })
  const smoke = ["specs/smoke.ts", ...small]
  // Nets of so few steps do not converge, and the checks say so.
  expect(lastLine(await project.said(4, "run", ...smoke))).toMatch(/^40 nodes: 4 hit, 0 joined, 36 run, 0 failed/)
  expect(lastLine(await project.said(0, "plan", ...smoke))).toBe("0 nodes would run; 40 hits")
  const shown = await project.said(0, "show", "specs/smoke.ts", "summarize/of=curves", ...small)
  expect(shown).toMatch(/^output {6}summary/m)
  expect(lastLine(await project.said(0, "lint", "specs/smoke.ts"))).toMatch(/^Nothing found: 12 stages/)
  expect(await project.said(0, "lock", ...smoke)).toMatch(/^specs\/smoke\.lock\.json/m)
  expect(lastLine(await project.said(0, "verify", ...smoke, "--sample", "1"))).toMatch(/^1 node verified/)
  expect(await project.said(0, "graph", "specs/smoke.ts", "--format", "svg")).toMatch(/^<\?xml|<svg/)
  expect(await project.said(0, "init", "it's new")).toContain(String.raw`cd 'it'\''s new' && npx pipeline run`)
  expect((await project.startIn(project.path("it's new"), "run", "specs/first.ts").finished).code).toBe(0)
}, 120_000)
