// How a run ends badly: a store that fails, a stage, a check or a page. One message, the right exit code, never a
// stack, and what was finished is kept.
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lastLine, Project, startedIn, type Finished } from "../support/project.ts"
import { refused, small } from "../support/small-spec.ts"

let project: Project
beforeAll(() => {
  project = new Project()
})
afterAll(() => project[Symbol.dispose]())

/** With a check that does not hold. */
const failing = (declared: string): string =>
  small({
    checks:
      `check({ id: "low", claim: "It is low.", source: "here", value: cell(nodes.only.out.row, {}, "x"), expect: ` +
      `atMost(0)${declared} })`,
  })

const runSmall = (text: string, ...args: ReadonlyArray<string>): Promise<Finished> => {
  project.write("specs/small.ts", text)
  return project.run("run", "specs/small.ts", ...args)
}

describe("a store", () => {
  it("that cannot be written is named", async () => {
    project.write("file", "in the way")
    refused(await runSmall(small(), "--store", "file/store"), 5, /file/, /--store/)
  })

  it("that fills up keeps what was finished", async ({ skip }) => {
    const disk = project.path("tiny")
    mkdirSync(disk)
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", disk], { stdio: "ignore" })
    } catch {
      skip("mounting a small disk needs root")
    }
    try {
      const text = small({
        top:
          `export const big = stage(import.meta, "big", { params: Schema.Struct({}), inputs: { rows: many(Table) ` +
          "}, outputs: { row: Table }, run: async () => ({ run: () => Effect.succeed({ row: { x: Array.from({ " +
          "length: 1e5 }, Math.sin) } }) }) })",
        nodes:
          "const first = node(one, { x: n }, {}); return { first, second: node(big, {}, { rows: [first.out.row] }) }",
      })
      const full = await runSmall(text, "--store", "tiny/store", "--json")
      refused(full, 5, /There is no room left/)
      expect(startedIn(full.out)).toEqual(["one", "big"])
      execFileSync("mount", ["-o", "remount,size=20m", disk])
      const again = await runSmall(text, "--store", "tiny/store", "--json")
      expect(again.code, again.err).toBe(0)
      expect(startedIn(again.out)).toEqual(["big"])
    } finally {
      execFileSync("umount", [disk])
    }
  })

  it("is found through a symbolic link, too", async () => {
    mkdirSync(project.path("real-store"))
    symlinkSync(project.path("real-store"), project.path("linked-store"))
    expect((await runSmall(small(), "--store", "linked-store")).code).toBe(0)
  })
})

describe("a failure", () => {
  it("of a stage is told with its reason, and everything else is done", async () => {
    const text = small({
      top:
        `export const broken = stage(import.meta, "broken", { params: Schema.Struct({}), inputs: {}, outputs: { ` +
        `row: Table }, run: async () => ({ run: () => { throw new Error("out of luck") } }) })`,
      nodes: "return { good: node(one, { x: n }, {}), bad: node(broken, {}, {}) }",
    })
    const end = await runSmall(text)
    refused(end, 1, /failed {2}broken: Error: out of luck/)
    expect(lastLine(end.out)).toMatch(
      /^2 nodes: 1 hit, 0 joined, 0 run, 1 failed, 0 skipped|^2 nodes: 0 hit, 0 joined, 1 run, 1 failed, 0 skipped/,
    )
  })

  it("to end in time, or within its memory, is told with the limit and what to do", async () => {
    const long = small({
      top:
        `export const long = stage(import.meta, "long", { params: Schema.Struct({}), inputs: {}, outputs: { row: ` +
        "Table }, run: async () => ({ run: () => Effect.sync(() => { for (;;); }) }) })",
      nodes: "return { long: node(long, {}, {}) }",
    })
    refused(await runSmall(long, "--executor", "pool", "--timeout", "2"), 6, /long/, /--timeout/)
    const large = small({
      top:
        `export const large = stage(import.meta, "large", { params: Schema.Struct({}), inputs: {}, outputs: { ` +
        "row: Table }, run: async () => ({ run: () => Effect.sync(() => { const held = []; for (;;) " +
        "held.push(new Float64Array(1e6).fill(held.length)) }) }) })",
      nodes: "return { large: node(large, {}, {}) }",
    })
    refused(await runSmall(large, "--executor", "pool", "--memory", "400MB", "--retries", "0"), 5, /large/, /--memory/)
  }, 60_000)

  it("of a check ends the run with 4, after the page was drawn; a declared one does not", async () => {
    rmSync(project.path("out"), { recursive: true, force: true })
    const undeclared = await runSmall(failing(""))
    refused(undeclared, 4, /✗ low: contradicts 1\.000, expected at most 0/)
    expect(existsSync(project.path("out/small/index.html"))).toBe(true)
    const declared = await runSmall(
      failing(`, declared: { verdict: "contradicts", reason: "the text and its program disagree" }`),
    )
    refused(declared, 0, /✓ low: contradicts/, /1 passed \(1 contradicts as declared\), 0 failed/)
  })

  it("to write the page is loud and keeps the results", async () => {
    writeFileSync(project.path("blocked"), "in the way")
    refused(
      await runSmall(small(), "--out", "blocked/out"),
      5,
      /The page cannot be written to blocked\/out\/small/,
      /--out/,
      /1 node: \d hit, 0 joined, \d run, 0 failed/,
    )
    expect(readFileSync(project.path("blocked"), "utf8")).toBe("in the way")
  })
})
