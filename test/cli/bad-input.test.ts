// What a user's mistake looks like: one message that names the thing and says what to do, the right exit code,
// and never a stack.
import { execFileSync } from "node:child_process"
import { mkdirSync, symlinkSync } from "node:fs"
import { afterAll, beforeAll, describe, it } from "vitest"
import { Project, type Finished } from "../support/project.ts"
import { refused, small } from "../support/small-spec.ts"

let project: Project
beforeAll(() => {
  project = new Project()
})
afterAll(() => project[Symbol.dispose]())

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
      /the scales are quick, medium, large, paper/,
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
