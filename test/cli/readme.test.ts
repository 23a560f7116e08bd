// The README's own example, run as its reader would run it.
import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, it } from "vitest"
import { lastLine, Project } from "../support/project.ts"

const root = join(import.meta.dirname, "../..")
const readme = readFileSync(join(root, "README.md"), "utf8")

it("the example of the README runs, is a hit the second time, and varies", async () => {
  using project = new Project()
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme)!
  expect(example!.trimEnd().split("\n").length).toBeLessThanOrEqual(36)
  project.write("specs/example.ts", example!)
  const first = await project.run("run", "specs/example.ts")
  expect(first.code, first.out + first.err).toBe(0)
  expect(first.out).toContain("✓ pi: agrees")
  expect(lastLine((await project.run("run", "specs/example.ts")).out)).toContain("4 nodes: 4 hit, 0 joined, 0 run")
  expect(lastLine((await project.run("run", "specs/example.ts", "--set", "darts=50000")).out)).toContain("4 run")
})

it.each([
  "README.md",
  "docs/keys.md",
  "docs/nets.md",
  "specs/paper.claims.md",
  "specs/weight-movement.claims.md",
  "test/README.md",
])("every file that %s links to is there", (from) => {
  const text = readFileSync(join(root, from), "utf8")
  const links = [...text.matchAll(/\]\(([^)#:\s]+)\)/g)].map(([, file]) => file!)
  expect(links.filter((file) => !existsSync(join(root, dirname(from), file)))).toEqual([])
})

it("the main path has as many files as the README says, and the README can be read at one sitting", () => {
  const [, count, path] = /## The main path: eight steps, (\d+) files\n([\s\S]*?)\nThe rooms:/.exec(readme)!
  expect(new Set([...path!.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file)).size).toBe(Number(count))
  expect(Buffer.byteLength(readme)).toBeLessThan(12_000)
})
