// What is said when nobody listens: a reader that closes its end (`| head -1`) stops no work, changes no exit code and
// sees no trace; a disk that is full is told. Whole processes, at whose output the reader leaves at once or in time.
import { spawn } from "node:child_process"
import { closeSync, openSync, rmSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { layered } from "../support/layered.ts"
import { Project, recordsIn } from "../support/project.ts"

const spec = "specs/layered.ts"
const size = ["--set", "width=20", "--set", "depth=4"]
const run = ["run", spec, "--executor", "inline", ...size]

let project: Project
beforeAll(async () => {
  project = new Project()
  project.write(spec, layered)
  const unlucky = "if (place === 1) throw new Error('out of luck')"
  project.write("specs/failing.ts", layered.replace("if (pause > 0)", `${unlucky}\n    if (pause > 0)`))
  for (const _ of [0, 1]) await project.said(0, ...run)
}, 60_000)
afterAll(() => project[Symbol.dispose]())

/** Who reads: to the end, to the first words, or not at all; or what the words go to instead. */
type Reader = "all" | "first" | "none" | "late" | "/dev/full"

interface Heard {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const heard = async (
  words: ReadonlyArray<string>,
  out: Reader,
  err: Reader = "all",
  environment: NodeJS.ProcessEnv = {},
): Promise<Heard> => {
  const ends = [out, err].map((reader) => (reader === "/dev/full" ? openSync(reader, "w") : ("pipe" as const)))
  const child = spawn(process.execPath, [project.path("pipeline/launch.mjs"), ...words], {
    cwd: project.directory,
    stdio: ["ignore", ends[0]!, ends[1]!],
    env: { ...process.env, ...environment },
  })
  for (const end of ends) if (typeof end === "number") closeSync(end)
  const texts = ["", ""]
  for (const [i, stream] of [child.stdout, child.stderr].entries()) {
    const reader = [out, err][i]
    if (reader === "none") stream?.destroy()
    // Its pipe is full long before.
    if (reader === "late")
      await new Promise((waited) => {
        setTimeout(waited, 2_000)
      })
    if (reader === "none") continue
    stream?.on("data", (chunk: Buffer) => {
      texts[i] += chunk.toString()
      if (reader === "first") stream.destroy()
    })
  }
  const code = await new Promise<number | null>((ended) => {
    child.once("close", ended)
  })
  return { code, out: texts[0]!, err: texts[1]! }
}

describe("a run whose reader leaves", () => {
  type Words = ReadonlyArray<string>
  type Case = readonly [what: string, words: Words, out: Reader, err: Reader, code: number, set?: NodeJS.ProcessEnv]
  const runs: ReadonlyArray<Case> = [
    ["after the first line", run, "first", "all", 0],
    ["before the first line", run, "none", "all", 0],
    ["in both places", run, "none", "none", 0],
    ["with events as JSON", [...run, "--json"], "first", "all", 0],
    ["with workers", ["run", spec, "--jobs", "2", ...size], "first", "all", 0],
    ["under GitHub Actions", run, "first", "all", 0, { GITHUB_ACTIONS: "true" }],
    ["and in which nodes fail", ["run", "specs/failing.ts", "--executor", "inline", ...size], "first", "all", 1],
    [
      "and in which nodes fail, in both places",
      ["run", "specs/failing.ts", "--executor", "inline", "--json", ...size],
      "none",
      "none",
      1,
    ],
  ]
  for (const [what, words, out, err, code, environment] of runs) {
    it(`goes on to its end, silently, with its own exit code: ${what}`, async () => {
      rmSync(project.path("store"), { recursive: true, force: true })
      const end = await heard([...words, "--store", "store"], out, err, environment)
      expect(end.err).toBe("")
      expect(end.code).toBe(code)
      // A node that fails stops one more in each layer.
      expect((await recordsIn(project.path("store"))).size).toBe(code === 0 ? 80 : 70)
      expect(end.out.split("\n").length).toBeLessThan(80)
    }, 60_000)
  }
})

describe("what only prints ends quietly when its reader leaves", () => {
  const commands: ReadonlyArray<readonly [words: ReadonlyArray<string>, code: number]> = [
    [["plan", spec, "--all", "--set", "width=2000", "--set", "depth=3"], 0],
    [["plan", spec, "--all", "--json", "--check", ...size], 0],
    [["plan", spec, "--check", "--set", "width=3"], 3],
    [["show", spec, "cell/layer=1,place=1", ...size], 0],
    [["runs"], 0],
    [["timeline", "last~1"], 0],
    [["du", "--json"], 0],
    [["lineage", spec, "cell/layer=3,place=1", ...size], 0],
    [["graph", spec, "--format", "svg", ...size], 0],
    [["completion", "zsh"], 0],
    [["complete", "--", "pl"], 0],
    [["--help"], 0],
    [["run", "--help"], 0],
    [["--version"], 0],
    [["--completions", "bash"], 0],
  ]
  for (const [words, code] of commands) {
    it(words.join(" "), async () => {
      const ends = await Promise.all([heard(words, "none", "all"), heard(words, "first", "none")])
      for (const end of ends) expect([end.err, end.code]).toEqual(["", code])
    })
  }

  it("a mistake is still one by its exit code", async () => {
    for (const words of [["plan", "specs/nope.ts"], ["frobnicate"], ["run", spec, "--frob"]]) {
      expect((await heard(words, "none", "none")).code).toBe(2)
    }
  })
})

it("whoever reads late reads all", async () => {
  const words = ["plan", spec, "--all", "--set", "width=2000", "--set", "depth=3"]
  const [late, soon] = [await heard(words, "late"), await heard(words, "all")]
  expect(late.out.length).toBeGreaterThan(200_000)
  expect(late).toEqual(soon)
}, 60_000)

describe("words that a full disk does not take", () => {
  const commands: ReadonlyArray<ReadonlyArray<string>> = [
    ["plan", spec, "--all"],
    ["run", spec, "--executor", "inline"],
    ["run", spec, "--json", "--executor", "inline"],
    ["--help"],
  ]
  for (const words of commands) {
    it(`are missed, once and in the exit code: ${words.join(" ")}`, async () => {
      const { code, err } = await heard(words, "/dev/full")
      expect(err).toMatch(/^Not all of the output could be written \(ENOSPC: [^\n]+\)\.[^\n]+\n$/)
      expect(code).toBe(5)
    })
  }
})
