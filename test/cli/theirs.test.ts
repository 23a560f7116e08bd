// What a person has beside what runs write: no command removes it, replaces it or writes into it, wherever a store or a
// page is asked for. Whole processes in a real project.
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { marker } from "../../cache/paths.ts"
import { linesOf, Project } from "../support/project.ts"

const spec = "specs/src.ts"
const text = `
import { Effect, Schema } from "effect"
import { atLeast, cell, check } from "../pipeline/check.ts"
import { node } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { one } from "../src/s.ts"
export default spec({
  config: { x: setting(Schema.Finite, 1, "a number"), title: setting(Schema.String, "One", "a title") },
  nodes: ({ x }) => ({ one: node(one, { x }, {}) }),
  checks: ({ one }) => [
    check({
      id: "some", claim: "There is some.", source: "here",
      value: cell(one.out.row, {}, "x"), expect: atLeast(0),
    }),
  ],
  page: (_, { title }) => {
    const page = async () => new Map([["index.html", title], ["figures/1.svg", "figure of " + title]])
    return { title, lead: [], figures: [], render: async () => ({ page, compare: page }) }
  },
})
`
const stage = `
import { Effect, Schema } from "effect"
import { stage, Table } from "../pipeline/stage.ts"
export const one = stage(import.meta, "one", {
  params: Schema.Struct({ x: Schema.Finite }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ row: { x: [params.x] } }) }),
})
`

let project: Project
beforeAll(async () => {
  project = new Project()
  lay("src/s.ts", stage)
  project.write(spec, text)
  await run(0)
  await run(0, "--set", "x=2")
}, 60_000)
afterAll(() => project[Symbol.dispose]())

const said = (status: number, ...args: ReadonlyArray<string>) => project.said(status, ...args)
const run = (status: number, ...args: ReadonlyArray<string>) =>
  said(status, "run", spec, "--executor", "inline", ...args)
const lay = (path: string, content = "mine"): void => {
  mkdirSync(dirname(project.path(path)), { recursive: true })
  writeFileSync(project.path(path), content)
}
const read = (path: string): string => readFileSync(project.path(path), "utf8")
/** Every path below a folder with what is there. */
const contents = (folder: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(project.path(folder), { recursive: true, encoding: "utf8" })
      .sort()
      .map((path) => {
        const state = lstatSync(project.path(join(folder, path)))
        return [path, state.isFile() ? read(join(folder, path)) : state.isSymbolicLink() ? "a link" : "a folder"]
      }),
  )

describe("a page", () => {
  it("takes the place of no folder of its name", async () => {
    const before = contents("src")
    expect(await run(5, "--out", ".")).toMatch(
      new RegExp(
        "page {4}src was not drawn: The page cannot be written to src: that folder was not made by a run, " +
          String.raw`and contains s\.ts\. .* --out; the results are kept\.\n1 node: 1 hit`,
      ),
    )
    expect(contents("src")).toEqual(before)
    expect(readdirSync(project.directory).filter((name) => name.startsWith(".") && name !== ".pipeline")).toEqual([])
  })

  it("leaves the notes beside it, and keeps what was edited of it", async () => {
    for (const path of ["out/src/notes.md", "out/src/figures/mine.svg", "out/readme.md"]) lay(path)
    expect(await run(0, "--set", "title=Two")).toContain("page    out/src/index.html\n")
    appendFileSync(project.path("out/src/index.html"), ", annotated")
    expect(await run(0, "--set", "title=Three")).toContain(
      "page    out/src/index.html\nkept    index.html as index.kept.html: changed by hand, or not written by a run\n",
    )
    expect(await run(0, "--set", "title=Four")).not.toContain("kept")
    expect(contents("out")).toEqual(
      new Map([
        ["readme.md", "mine"],
        ["src", "a folder"],
        ["src/.shown", expect.any(String)],
        ["src/figures", "a folder"],
        ["src/figures/1.svg", "figure of Four"],
        ["src/figures/mine.svg", "mine"],
        ["src/index.html", "Four"],
        ["src/index.kept.html", "Two, annotated"],
        ["src/notes.md", "mine"],
      ]),
    )
  })

  it("goes through a link to a folder elsewhere, and the link stays", async () => {
    mkdirSync(project.path("www"))
    mkdirSync(project.path("linked"))
    symlinkSync("../www", project.path("linked/src"))
    for (const title of ["One", "Two"]) await run(0, "--out", "linked", "--set", `title=${title}`)
    expect([lstatSync(project.path("linked/src")).isSymbolicLink(), read("www/index.html")]).toEqual([true, "Two"])
  })

  for (const [kind, out, prepare, says] of [
    ["in place of a file", "file", () => lay("file"), /written to file\/src: file is not a folder/],
    [
      "where its folder is a file",
      "pages",
      () => lay("pages/src"),
      /written to pages\/src: pages\/src is not a folder/,
    ],
  ] as const) {
    it(`is refused ${kind}, and the results are kept`, async () => {
      prepare()
      expect(await run(5, "--out", out)).toMatch(says)
      expect(existsSync(project.path(join(out, "src/index.html")))).toBe(false)
    })
  }

  it("of a comparison keeps to the same, and says where it may not be", async () => {
    const compare = ["compare", "last~1", "last", "--out"]
    const [, folder] = /^page {4}compared\/(.*)\/index\.html$/m.exec(await said(0, ...compare, "compared"))!
    lay(`compared/${folder}/notes.md`)
    expect(await said(0, ...compare, "compared")).not.toContain("kept")
    expect(read(`compared/${folder}/notes.md`)).toBe("mine")
    lay(`taken/${folder}/theirs`)
    expect(await said(2, ...compare, "taken")).toMatch(/was not made by a run, and contains theirs/)
  })
})

describe("a folder that is no store", () => {
  const refusal = new RegExp(
    String.raw`contains other files and is not a store, so nothing was written there\. ` +
      "A store needs a folder of its own: name an empty or a new folder with --store",
  )
  const commands: ReadonlyArray<ReadonlyArray<string>> = [
    ["run", spec],
    ["gc", spec],
    ["plan", spec],
    ["verify", spec],
    ["fsck"],
    ["tag", "last", "baseline"],
  ]

  it("is refused by every command, in one sentence, and stays as it is", async () => {
    lay("records/2024.csv")
    lay("data/blobs/cat.png")
    lay("data/claims/insurance.pdf")
    const folders = ["src", "records", "data"]
    const before = folders.map(contents)
    const working = readdirSync(project.directory)
    for (const [i, command] of commands.entries()) {
      const store = [".", ...folders][i % 4]!
      const told = await said(2, ...command, "--store", store)
      expect(told, command.join(" ")).toMatch(refusal)
      expect(told.trim().split("\n"), command.join(" ")).toHaveLength(1)
    }
    expect(folders.map(contents)).toEqual(before)
    expect(readdirSync(project.directory)).toEqual(working)
  }, 90_000)

  it("that is a file is called one", async () => {
    lay("letter")
    for (const command of [["run", spec], ["du"]]) {
      expect(await said(5, ...command, "--store", "letter")).toMatch(
        new RegExp(
          "^There is a file where the store needs a folder: " +
            String.raw`.*letter\. Move the file, or name another store with --store\.\n$`,
        ),
      )
    }
    expect(read("letter")).toBe("mine")
  })

  it("and is empty becomes one by a run; a command that looks at stores finds none, and makes none", async () => {
    mkdirSync(project.path("empty"))
    expect(await said(2, "du", "--store", "empty")).toMatch(/There is no store in/)
    expect(await said(0, "complete", "--", "timeline", "--store", "empty", "")).toBe("")
    expect(readdirSync(project.path("empty"))).toEqual([])
    await run(0, "--store", "empty")
    expect(readdirSync(project.path("empty"))).toContain(marker)
  })
})

describe("a store", () => {
  it("in which a person keeps files is collected, examined and measured without them", async () => {
    const theirs = [
      ".gitignore",
      ".env",
      "notes.md",
      ".git/config",
      "records/notes.txt",
      "quarantine/old",
      "blobs/.keep",
      "claims/who",
      "journal/diary.jsonl",
      "journal/100%.jsonl",
    ]
    for (const path of theirs) lay(join(".pipeline", path))
    await said(0, "gc", spec, "--keep-runs", "0")
    expect(await said(0, "fsck")).toMatch(
      /: all are as they were written · 10 other files in the directory, left alone: .* and 7 more\n$/,
    )
    expect(linesOf(await said(0, "du", "--json")).filter((each) => "kind" in each && each.kind === "not ours")).toEqual(
      [{ v: 1, kind: "not ours", files: 10, records: 0, bytes: 40 }],
    )
    await run(0, "--set", "x=3")
    for (const path of theirs) expect(read(join(".pipeline", path)), path).toBe("mine")
    for (const path of theirs) rmSync(project.path(join(".pipeline", path)))
  })

  it("in which the pages are, too, is collected without them; a page takes the place of no part of it", async () => {
    await run(0, "--out", ".pipeline", "--set", "title=Beside")
    project.write("specs/blobs.ts", text)
    expect(await said(5, "run", "specs/blobs.ts", "--executor", "inline", "--out", ".pipeline")).toMatch(
      /\.pipeline\/blobs: that folder was not made by a run/,
    )
    await said(0, "gc", spec, "--keep-runs", "0")
    expect(await said(0, "fsck")).toMatch(/: all are as they were written · 3 other files in the directory, left alone/)
    expect([read(".pipeline/src/index.html"), await run(0)]).toEqual([
      "Beside",
      expect.stringContaining("1 node: 1 hit"),
    ])
    rmSync(project.path(".pipeline/src"), { recursive: true })
  })

  it("in which a file stands for one of its folders says so, and leaves the file", async () => {
    lay(`broken/${marker}`, read(`.pipeline/${marker}`))
    lay("broken/records")
    expect(await run(5, "--store", "broken")).toMatch(
      /^failed {2}one: There is a file where the store needs a folder: .*broken\/records\/.*\. Move the file/m,
    )
    expect(read("broken/records")).toBe("mine")
  })

  it("holds no file after its runs that it does not know", async () => {
    expect(await said(0, "du")).not.toContain("(not ours)")
    expect(await said(0, "fsck")).not.toContain("left alone")
  })
})

describe("a file that is no lock", () => {
  it("is not written over by lock; a lock, an empty file and one torn between branches are", async () => {
    await run(0)
    lay("specs/src.lock.json", '{ "name": "mine" }')
    expect(await said(2, "lock", spec)).toBe(
      "specs/src.lock.json exists and is not a lock, so it is not overwritten. " +
        "Move it away, or name another file: -o FILE\n",
    )
    expect(read("specs/src.lock.json")).toBe('{ "name": "mine" }')
    expect(await said(2, "lock", spec, "-o", spec)).toMatch(/^specs\/src\.ts exists and is not a lock/)
    expect(read(spec)).toBe(text)
    lay("specs/src.lock.json", "")
    await said(0, "lock", spec)
    const lock = read("specs/src.lock.json")
    lay("specs/src.lock.json", lock.replace('"nodes"', '<<<<<<< ours\n"nodes"'))
    await said(0, "lock", spec)
    expect(read("specs/src.lock.json")).toBe(lock)
  }, 30_000)
})

describe("init", () => {
  it("writes over nothing, whatever it is called in the template, and says where it cannot be", async () => {
    lay("mine/gitignore")
    await said(0, "init", "mine")
    expect([read("mine/gitignore"), read("mine/.gitignore")]).toEqual(["mine", expect.stringContaining(".pipeline/")])
    lay("taken.md")
    expect(await said(2, "init", "taken.md")).toMatch(/^No project can be made in .*taken\.md: /)
    expect(read("taken.md")).toBe("mine")
  })
})
