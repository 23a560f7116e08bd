// To look takes no leave to write: whatever only tells says the same of a store that is read-only as of one that is
// not, and changes nothing in it. By whole processes, over a mount that even root cannot write to.
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { placeIn } from "../../cache/paths.ts"
import { Project } from "../support/project.ts"

const spec = "specs/small.ts"
const text = `
import { Effect, Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node, source } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { Bytes, Json, stage, Table } from "../pipeline/stage.ts"
export const sized = stage(import.meta, "sized", {
  params: Schema.Struct({ plus: Schema.Finite }), inputs: { bytes: Bytes }, outputs: { row: Table },
  run: async () => ({
    run: ({ params, inputs }) => Effect.as(Effect.log("counted"), { row: { x: [params.plus + inputs.bytes.length] } }),
  }),
})
export const twice = stage(import.meta, "twice", {
  params: Schema.Struct({}), inputs: { row: Table }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs }) => Effect.succeed({ row: { x: inputs.row.x.map((x) => 2 * x) } }) }),
})
export default spec({
  config: { plus: setting(Schema.Finite, 0, "a number") },
  nodes: ({ plus }) => {
    const first = node(sized, { plus }, { bytes: source({ path: "data.txt" }).out.bytes })
    return { first, last: node(twice, {}, { row: first.out.row }) }
  },
  checks: ({ last: { out } }) =>
    [check({ id: "some", claim: "There is some.", source: "here", value: cell(out.row, {}, "x"), expect: atLeast(0) })],
  page: () => ({ title: "Small", lead: [], figures: [], render: async () => {
    const page = async () => new Map([["index.html", "<title>Small</title>"]])
    return { page, compare: page }
  } }),
})
`

const looks: ReadonlyArray<ReadonlyArray<string>> = [
  ["du"],
  ["plan", spec, "--all"],
  ["plan", spec, "--check", "--json", "--all"],
  ["show", spec, "sized"],
  ["show", spec, "twice"],
  ["why", spec, "twice"],
  ["lineage", spec, "twice"],
  ["logs", spec, "sized"],
  ["export", spec, "twice", "row", "-o", "twice.csv"],
  ["runs"],
  ["diff", "last~1", "last"],
  ["timeline", "last"],
  ["compare", "last~1", "last"],
  ["gc", spec, "--dry-run", "--keep-runs", "0"],
  ["forget", spec, "twice", "--dry-run"],
  ["accept", spec, "twice", "--because", "it means the same", "--dry-run"],
  ["graph", spec],
  ["complete", "--", "diff", ""],
]
const ofSpecs = new Set(["plan", "show", "why", "lineage", "forget", "accept", "graph"])
const withoutStore = looks.filter(([command]) => ofSpecs.has(command!))

let project: Project
beforeAll(async () => {
  project = new Project()
  project.write(spec, text)
  project.write("data.txt", "12345")
  for (const plus of [1, 0]) await project.said(0, "run", spec, "--executor", "inline", "--set", `plus=${plus}`)
}, 60_000)
afterAll(() => project[Symbol.dispose]())

/** What du and gc say of room that is taken by what was remembered since. */
const remembered = /^.*bookkeeping.*\n|^.*in all.*\n|[\d.]+ kB would stay/gm

const files = (directory: string): ReadonlyArray<string> =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return entry.isFile() ? `${path} ${statSync(path).mtimeMs} ${readFileSync(path, "hex")}` : path
  })

/** Does something while a directory cannot be written; undefined where this machine cannot have that. */
const closed = async <A>(directory: string, use: () => Promise<A>): Promise<A | undefined> => {
  const mounted = spawnSync("mount", ["--bind", "-o", "ro", directory, directory], { stdio: "ignore" }).status === 0
  if (!mounted) return undefined
  try {
    expect(() => writeFileSync(join(directory, "x"), "")).toThrow(/EROFS/)
    return await use()
  } finally {
    execFileSync("umount", [directory])
  }
}

interface Answers {
  readonly [command: string]: string
}

/** A command over a store: what is being completed stands at the end. */
const over = (words: ReadonlyArray<string>, store: string): ReadonlyArray<string> => {
  if (words[0] === "graph") return words
  return words[0] === "complete" ? [...words.slice(0, -1), "--store", store, ""] : [...words, "--store", store]
}

/** What each command says, and how it ends. Two at once: nobody is in another's way. */
const answers = async (commands: ReadonlyArray<ReadonlyArray<string>>, store: string): Promise<Answers> => {
  const said: { [command: string]: string } = {}
  const waiting = commands.entries()
  const ask = async (): Promise<void> => {
    for (const [, words] of waiting) {
      const { code, out, err } = await project.run(...over(words, store))
      said[words.join(" ")] = `${code}\n${out}${err}`.replaceAll(remembered, "")
    }
  }
  await Promise.all([ask(), ask()])
  return said
}

describe("a store that cannot be written", () => {
  it("is looked at as one that can, and stays as it is", async ({ skip }) => {
    const before = files(project.path(".pipeline"))
    const there = await closed(project.path(".pipeline"), () => answers(looks, ".pipeline"))
    if (there === undefined) return skip("root may not mount here")
    expect(files(project.path(".pipeline"))).toEqual(before)
    expect(there).toEqual(await answers(looks, ".pipeline"))
    for (const [command, said] of Object.entries(there)) expect(said, command).toMatch(/^0\n./)
    expect(there[`plan ${spec} --all`]).toMatch(/^3 hit, nothing to do|^.*3 hit/m)
  }, 120_000)

  it("is looked at as one that can, though data, a blob and a record are not what they were", async ({ skip }) => {
    const { outputs } = (await project.plan(spec)).find(({ node }) => node === "sized")!
    const { key } = (await project.plan(spec, "--set", "plus=1")).find(({ node }) => node === "twice")!
    for (const store of ["worn", "worn-too"]) {
      cpSync(project.path(".pipeline"), project.path(store), { recursive: true, preserveTimestamps: true })
      rmSync(project.path(`${store}/memo.tsv`))
      const blob = project.path(placeIn(store, "blobs", outputs![0]!.digest))
      rmSync(blob)
      writeFileSync(blob, "damaged")
      writeFileSync(project.path(placeIn(store, "records", key!)), "torn")
    }
    const commands: ReadonlyArray<ReadonlyArray<string>> = [
      ["plan", spec, "--all"],
      ["plan", spec, "--all", "--set", "plus=1"],
      ["plan", spec, "--check"],
      ["show", spec, "sized"],
      ["show", spec, "twice", "--set", "plus=1"],
      ["export", spec, "sized", "row", "-o", "sized.csv"],
      ["diff", "last~1", "last"],
    ]
    const look = async (store: string) => {
      project.write("data.txt", "12345")
      const worn = await answers(commands, store)
      // Bytes that no store has seen.
      project.write("data.txt", "123456")
      return [
        worn,
        await answers(
          [
            ["plan", spec, "--all"],
            ["show", spec, "sized"],
          ],
          store,
        ),
      ]
    }
    const before = files(project.path("worn"))
    const there = await closed(project.path("worn"), () => look("worn"))
    if (there === undefined) return skip("root may not mount here")
    expect(files(project.path("worn"))).toEqual(before)
    expect(there).toEqual(await look("worn-too"))
    expect(there[0]![`plan ${spec} --all`]).toMatch(/^sized {2}run: missing row$/m)
    expect(there[0]![`plan ${spec} --check`]).toMatch(/^3\n/)
    expect(there[1]![`plan ${spec} --all`]).toMatch(/^sized {2}run: .*bytes/m)
    project.write("data.txt", "12345")
  }, 120_000)

  it("is looked at as empty where there is none, and none is made", async ({ skip }) => {
    const there = await closed(project.directory, () => answers([...withoutStore, ["runs"]], "nowhere"))
    if (there === undefined) return skip("root may not mount here")
    expect(existsSync(project.path("nowhere"))).toBe(false)
    const { runs, ...others } = there
    expect(runs).toMatch(/^2\nThere is no store in .*nowhere/)
    expect(others).toEqual(await answers(withoutStore, "nowhere-too"))
    expect(there[`plan ${spec} --all`]).toMatch(/^sized {2}run: first run$/m)
  }, 120_000)

  it("that is a file is still refused by name", async () => {
    project.write("file", "in the way")
    const { code, err } = await project.run("plan", spec, "--store", "file")
    expect([code, err]).toEqual([
      5,
      expect.stringMatching(/^There is a file where the store needs a folder: .*file\. Move/),
    ])
  })
})
