// Which nodes rerun when the code stays and the world around it changes: data, environment, packages, Node,
// settings. Exactly those that the change reaches, with the reason that people read.
import { utimesSync, writeFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { everyNode, expectRan, kitchenAfterFirstRun, type Kitchen } from "../support/kitchen.ts"

let kitchen: Kitchen
let made: number
beforeAll(async () => {
  made = Date.now()
  kitchen = await kitchenAfterFirstRun()
})
beforeEach(() => kitchen.reset())
afterEach(() => {
  vi.unstubAllEnvs()
})
afterAll(() => kitchen[Symbol.dispose]())

/** What every process of the run does before anything else. */
const preload = (module: string): void => {
  vi.stubEnv("NODE_OPTIONS", `--import "data:text/javascript,${encodeURIComponent(module)}"`)
}

const under = (version: string): void =>
  preload(`Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`)

describe("a data file", () => {
  const data = "small/data.txt"

  it("touched reruns nothing", async () => {
    utimesSync(kitchen.path(data), new Date(), new Date())
    expectRan(await kitchen.rerun(), {})
  })

  it("changed to what its reader takes for the same reruns the reader alone", async () => {
    kitchen.write(data, "3 2 1")
    expectRan(await kitchen.rerun(), { a: "input bytes" })
  })

  it("changed reruns its reader and what is behind, and back again nothing", async () => {
    kitchen.write(data, "1 2 4")
    expect(await kitchen.predicted()).toEqual({ run: ["a"], maybe: ["b"] })
    expectRan(await kitchen.rerun(), { a: "input bytes", b: "input row" }, { a: 42, b: 420 })
    expectRan(await kitchen.afresh(), everyNode("first run"), { a: 42, b: 420 })
    kitchen.write(data, "1 2 3")
    expectRan(await kitchen.rerun(), {})
  })

  it("changed in place, its size and its time of change kept, reruns its reader and what is behind", async () => {
    // So old that its digest is remembered; a younger file is read every time.
    await setTimeout(Math.max(0, made + 2100 - Date.now()))
    expectRan(await kitchen.rerun(), {})
    kitchen.secretly(data, (path) => writeFileSync(path, "1 9 3"))
    expectRan(await kitchen.rerun(), { a: "input bytes", b: "input row" }, { a: 78, b: 780 })
  })
})

describe("an environment variable", () => {
  it("reruns the stage that declares it, and what is behind", async () => {
    vi.stubEnv("FLAVOUR", "7")
    expectRan(await kitchen.rerun(), { a: "variable FLAVOUR (none)→7", b: "input row" }, { a: 43, b: 430 })
    vi.stubEnv("FLAVOUR", undefined)
    expectRan(await kitchen.rerun(), {})
  })

  it("is read by process.env, too, alike in both executors", async () => {
    vi.stubEnv("FLAVOUR", "7")
    kitchen.edit(
      "small/a.run.ts",
      `yield* Effect.orDie(Config.withDefault(Config.Int("FLAVOUR"), 0))`,
      `Number(process.env["FLAVOUR"])`,
    )
    expectRan(
      await kitchen.rerun("--executor", "pool"),
      { a: "code, variable FLAVOUR (none)→7", b: "input row" },
      { a: 43, b: 430 },
    )
    expectRan(await kitchen.rerun("--executor", "inline"), {}, { a: 43, b: 430 })
    expectRan(await kitchen.afresh(), everyNode("first run"), { a: 43, b: 430 })
  })

  for (const [how, [before, after]] of Object.entries({
    "by Config": [`"FLAVOUR"`, `"SECRET"`],
    "by process.env": ["const words", `process.env["SECRET"]\n  const words`],
    "by a default": ["const words", `const { SECRET = 1 } = process.env\n  const words`],
    "by what is there": ["const words", `"SECRET" in process.env\n  const words`],
  } as const)) {
    for (const executor of ["inline", "pool"]) {
      it(`that a stage asks for without declaring it (${how}) fails the stage, by name (${executor})`, async () => {
        vi.stubEnv("SECRET", "7")
        kitchen.edit("small/a.run.ts", before, after)
        const { code, started, told } = await kitchen.rerun("--executor", executor)
        expect(code).toBe(1)
        expect(started).toEqual({ a: "code" })
        expect(told("NodeFailed")).toMatchObject([
          {
            node: "a",
            message: expect.stringContaining(
              "The stage a reads the environment variable SECRET, which it does not declare",
            ) as string,
          },
        ])
      })
    }
  }
})

describe("a package", () => {
  it("of another version reruns the stages that reach it, and no others", async () => {
    kitchen.bump("soup", "1.1.0")
    kitchen.edit("small/node_modules/soup/index.js", "+ 1", "+ 2")
    expect(await kitchen.predicted()).toEqual({ run: ["c"], maybe: [] })
    // The reason as data, too.
    expect((await kitchen.plan("small/spec.ts")).find(({ node }) => node === "c")).toMatchObject({
      _tag: "Run",
      reason: { _tag: "Changed" },
    })
    expectRan(await kitchen.rerun(), { c: "package soup 1.0.0→1.1.0" }, { c: 12 })
  })

  it("that another package needs reruns the stages that reach it through that", async () => {
    kitchen.bump("salt", "2.0.1")
    expectRan(await kitchen.rerun(), { c: "package salt 2.0.0→2.0.1" })
  })

  it("that every stage reaches reruns every stage", async () => {
    const before = kitchen.bump("effect", "99.0.0")
    expectRan(await kitchen.rerun(), everyNode(`package effect ${before}→99.0.0`))
  })

  it("that no stage reaches reruns nothing, even the bundler", async () => {
    kitchen.bump("pepper", "4.0.0")
    // To do harm by giving another text for the same code, it would have to be asked.
    preload(`import { registerHooks } from "node:module"
registerHooks({
  resolve: (name, context, next) => {
    if (/^rolldown/.test(name)) throw new Error("nothing has to be bundled")
    return next(name, context)
  },
})`)
    expectRan(await kitchen.rerun(), {})
  })

  it("that a stage begins to use is a reason", async () => {
    kitchen.edit("small/c.run.ts", "import { soup }", `import { pepper } from "pepper"\nimport { soup }`)
    kitchen.edit("small/c.run.ts", "[soup]", "[soup + pepper]")
    expectRan(await kitchen.rerun(), { c: "code, package pepper (none)→3.0.0" }, { c: 31 })
  })
})

describe("Node", () => {
  const major = process.versions.node.split(".")[0]!

  it("of another major version reruns every stage", async () => {
    under("99.0.0")
    expectRan(await kitchen.rerun(), everyNode(`node ${major}→99`))
  })

  it("of another minor version reruns nothing", async () => {
    under(`${major}.99.0`)
    expectRan(await kitchen.rerun(), {})
  })
})

describe("a setting", () => {
  it("that no param takes reruns nothing", async () => {
    expectRan(await kitchen.rerun("--set", "title=Other"), {})
  })

  it("that a param takes reruns its node and what is behind", async () => {
    expectRan(await kitchen.rerun("--set", "pad=3"), { a: "param pad 0→3", b: "input pad" }, { b: 363 })
  })

  it("that orders the grid anew reruns what gathers in that order, and no cell", async () => {
    expect(await kitchen.predicted("--set", "widths=16,8")).toEqual({ run: ["gather"], maybe: [] })
    expectRan(await kitchen.rerun("--set", "widths=16,8"), { gather: "input rows" }, { gather: 32 })
  })

  it("that adds to the grid runs the new cell and what gathers", async () => {
    expectRan(
      await kitchen.rerun("--set", "widths=8,16,24"),
      { "cell/w=24": "first run", gather: "input rows" },
      { gather: 112 },
    )
  })
})
