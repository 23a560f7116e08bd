// The README's own example, run as its reader would run it.
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { lastLine, Project } from "../support/project.ts"

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")

it("the example of the README runs, is a hit the second time, and varies", async () => {
  using project = new Project()
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme)!
  expect(example!.trimEnd().split("\n").length).toBeLessThanOrEqual(36)
  project.write("specs/example.ts", example!)
  const first = await project.run("run", "specs/example.ts")
  expect(first.code, first.out + first.err).toBe(0)
  expect(first.out).toContain("✓ pi: reproduced")
  expect(lastLine((await project.run("run", "specs/example.ts")).out)).toContain("4 nodes: 4 hit, 0 joined, 0 run")
  expect(lastLine((await project.run("run", "specs/example.ts", "--set", "darts=50000")).out)).toContain("4 run")
})

it("every file that the README links to is there", () => {
  for (const [, file] of readme.matchAll(/\]\(((?:pipeline|stages|specs|test|docs)\/[^)]+)\)/g)) {
    expect(existsSync(join(import.meta.dirname, "../..", file!)), file).toBe(true)
  }
})
