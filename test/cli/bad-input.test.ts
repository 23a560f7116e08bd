// What a user's mistake looks like: one message that names the thing and says what to do, the right exit code,
// and never a stack.
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lastLine, Project, startedIn, type Finished } from "../support/project.ts"

let project: Project
beforeAll(() => {
  project = new Project()
})
afterAll(() => project[Symbol.dispose]())

const small = (
  extra: { readonly top?: string; readonly nodes?: string; readonly checks?: string; readonly figures?: string } = {},
): string => `
import { Effect, Schema } from "effect"
import { atMost, cell, check } from "../pipeline/check.ts"
import { node, source } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { many, stage, Bytes, Table } from "../pipeline/stage.ts"
export const one = stage(import.meta, "one", {
  params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ row: { x: [params.x] } }) }),
})
export const sum = stage(import.meta, "sum", {
  params: Schema.Struct({}), inputs: { rows: many(Table) }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs }) => Effect.succeed({ row: { x: [inputs.rows.length] } }) }),
})
export const sized = stage(import.meta, "sized", {
  params: Schema.Struct({}), inputs: { bytes: Bytes }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs }) => Effect.succeed({ row: { x: [inputs.bytes.length] } }) }),
})
${extra.top ?? ""}
export default spec({
  config: { n: setting(Schema.Int, 1, "a number"), name: setting(Schema.Literals(["a", "b"]), "a", "a word") },
  nodes: ({ n }) => { ${extra.nodes ?? "return { only: node(one, { x: n }, {}) }"} },
  checks: (nodes) => [${extra.checks ?? ""}],
  page: (nodes) => ({
    title: "Small", lead: [], figures: [${extra.figures ?? ""}],
    render: async () => ({ page: async () => new Map([["index.html", "<title>Small</title>"]]) }),
  }),
})
`

/** With a check that does not hold. */
const failing = (declared: string): string =>
  small({
    checks:
      `check({ id: "low", claim: "It is low.", source: "here", value: cell(nodes.only.out.row, {}, "x"), expect: ` +
      `atMost(0)${declared} })`,
  })

const refused = ({ code, out, err }: Finished, status: number, ...says: ReadonlyArray<string | RegExp>): void => {
  const text = out + err
  for (const each of says) expect(text).toMatch(each)
  expect(text).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  expect(code, text).toBe(status)
}

const runSmall = (text: string, ...args: ReadonlyArray<string>): Promise<Finished> => {
  project.write("specs/small.ts", text)
  return project.run("run", "specs/small.ts", ...args)
}

describe("a spec", () => {
  it("that is not there is named", async () =>
    refused(await project.run("run", "specs/nope.ts"), 2, /There is no spec file specs\/nope\.ts/))
  it("with a syntax error is named", async () =>
    refused(await runSmall("export default {"), 2, /specs\/small\.ts does not load/))
  it("that throws is named with its line", async () =>
    refused(await runSmall("\n\nthrow new Error('no luck')"), 2, /does not load: no luck \(line 3\)/))
  it("without a default export is told how to end", async () =>
    refused(await runSmall("export const x = 1"), 2, /export default spec/))
  it("with a cycle names its nodes", async () =>
    refused(
      await runSmall(
        small({
          nodes:
            "const a = node(sum, {}, { rows: [] }, { at: 1 }); const b = node(sum, {}, { rows: [a.out.row] }, " +
            "{ at: 2 }); (a.inputs as { rows: unknown }).rows = [b.out.row]; return { b }",
        }),
      ),
      2,
      /wait for each other: .*sum\/at=1/,
    ))
  it("with two nodes of one name names it", async () =>
    refused(
      await runSmall(small({ nodes: "return [node(one, { x: 1 }, {}), node(one, { x: 2 }, {})]" })),
      2,
      /Two nodes are called one/,
    ))
  it("that draws the same twice under two names is told to call the label replica", async () =>
    refused(
      await runSmall(
        small({
          top: `export const drawn = stage(import.meta, "drawn", {
            params: Schema.Struct({}), inputs: {}, outputs: { row: Table }, random: true,
            run: async () => ({ run: ({ seed }) => Effect.succeed({ row: { x: [seed] } }) }),
          })`,
          nodes: "return [0, 1].map((seed) => node(drawn, {}, {}, { seed }))",
        }),
      ),
      2,
      /would draw the same random numbers: drawn\/seed=0, drawn\/seed=1\./,
      /Name the label replica/,
    ))
  it("whose params do not fit names node and param", async () =>
    refused(
      await runSmall(small({ nodes: "return node(one, { x: 'y' as never }, {})" })),
      2,
      /The params of one do not fit/,
      /x/,
    ))
  it("with a stage that captures a value is told to lift it", async () =>
    refused(
      await runSmall(
        small({
          nodes:
            `const captured = n + 1; const inner = stage(import.meta, "inner", { params: Schema.Struct({}), ` +
            "inputs: {}, outputs: { row: Table }, run: async () => ({ run: () => Effect.succeed({ row: { x: " +
            "[captured] } }) }) }); return { only: node(inner, {}, {}) }",
        }),
      ),
      2,
      /The stage inner .* is not a module-level export/,
    ))
})

describe("a setting", () => {
  it("that is unknown or ill-typed is named, all at once", async () =>
    refused(
      await runSmall(small(), "--set", "m=3", "--set", "n=many", "--set", "name=c"),
      2,
      /m=3: there is no such setting/,
      /n=many/,
      /name=c/,
    ))
  it("without a value is a usage error", async () => refused(await runSmall(small(), "--set", "n"), 2))
  it("naming an unknown scale lists those there are", async () =>
    refused(
      await project.run("run", "specs/paper.ts", "--set", "scale=huge"),
      2,
      /the scales are quick, medium, paper/,
    ))
})

describe("the command line", () => {
  it("refuses an unknown command and an unknown flag with 2", async () => {
    refused(await project.run("frobnicate"), 2, /frobnicate/)
    refused(await runSmall(small(), "--frob"), 2, /--frob/)
  })
  it("prints its help with 0", async () => {
    for (const args of [["--help"], ["run", "--help"]]) refused(await project.run(...args), 0, /run/)
  })
  it("answers an unknown node with those that resemble it", async () => {
    project.write("specs/small.ts", small())
    refused(await project.run("why", "specs/small.ts", "onee"), 2, /No node is called onee/)
    refused(
      await project.run("show", "specs/smoke.ts", "train/n=40,net=softplus2,h=8"),
      2,
      /train\/n=40,net=softplus2,h=8,sqrtHAlpha=0\.1,replica=0/,
    )
  })
})

describe("a data file", () => {
  it("that is missing is named", async () =>
    refused(
      await runSmall(small({ nodes: `return node(sized, {}, { bytes: source({ path: "none.bin" }).out.bytes })` })),
      2,
      /none\.bin is not there/,
    ))
  it("that was altered is refused by name", async () => {
    project.write("data.bin", "other bytes")
    refused(
      await runSmall(
        small({
          nodes:
            `return node(sized, {}, { bytes: source({ path: "data.bin", sha256: "${"0".repeat(64)}" }).out.bytes ` +
            "})",
        }),
      ),
      2,
      /data\.bin is not the file the spec asks for/,
      /sha256/,
    )
  })

  const noFiles: ReadonlyArray<readonly [name: string, make: (path: string) => unknown, says: RegExp]> = [
    ["folder", (path) => mkdirSync(path), /folder is a folder, but a source is a file\./],
    ["pipe", (path) => execFileSync("mkfifo", [path]), /pipe is a pipe, but a source is a file\./],
    ["device", (path) => symlinkSync("/dev/zero", path), /device is a device, but a source is a file\./],
    ["dangling", (path) => symlinkSync("nowhere", path), /dangling is a link to nowhere, which is not there\./],
  ]
  it("that is no file is refused by name by whoever meets it, and waited for by nobody", async () => {
    for (const [name, make, says] of noFiles) {
      make(project.path(name))
      const nodes = `return node(sized, {}, { bytes: source({ path: "${name}" }).out.bytes })`
      refused(await runSmall(small({ nodes })), 2, says, /1 failed, 1 skipped/)
      refused(await project.run("plan", "specs/small.ts"), 2, says)
    }
  })
})

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
    refused(undeclared, 4, /✗ low: not reproduced 1\.000, expected at most 0/)
    expect(existsSync(project.path("out/small/index.html"))).toBe(true)
    const declared = await runSmall(
      failing(`, declared: { verdict: "not reproduced", reason: "the text and its program disagree" }`),
    )
    refused(declared, 0, /✓ low: not reproduced/, /1 passed, 0 failed/)
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
