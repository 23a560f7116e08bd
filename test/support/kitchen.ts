// A small project with a package of its own, to be changed in one place and run again: which nodes start, why,
// and what comes out. Every change is one from the same state, that after a first run.
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs"
import { join } from "node:path"
import { expect } from "vitest"
import type { Event } from "../../pipeline/event.ts"
import { changed, reason } from "../../pipeline/key/message.ts"
import { write } from "./directory.ts"
import { linesOf, Project, rooms } from "./project.ts"

const declared = `import { Effect, Schema } from "effect"
import { Bytes, many, stage, Table } from "../pipeline/stage.ts"
`

const packageOf = (name: string, version: string): string =>
  `{ "name": "${name}", "version": "${version}", "type": "module", "exports": "./index.js" }`

/**
 * `a` reads data and all kinds of code, `b` needs `a`, `c` a package, `d` and its twin a constant; `gather` needs every
 * `cell`.
 */
const files = {
  "small/package.json": `{ "type": "module" }`,
  "small/data.txt": "1 2 3",
  "small/a.ts": `${declared}
export const a = stage(import.meta, "a", {
  params: Schema.Struct({ pad: Schema.Int }), inputs: { bytes: Bytes }, outputs: { row: Table, pad: Bytes },
  environment: ["FLAVOUR"],
  run: () => import("./a.run.ts"),
})
export const b = stage(import.meta, "b", {
  params: Schema.Struct({}), inputs: { row: Table, pad: Bytes }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs: { row, pad } }) =>
    Effect.succeed({ row: { x: [10 * Number(row["x"]![0]) + pad.length] } }) }),
})
`,
  "small/a.run.ts": `import { Config, Effect } from "effect"
import { helper } from "./helper.ts"
import weights from "./weights.json" with { type: "json" }
interface Asked { readonly params: { readonly pad: number }; readonly inputs: { readonly bytes: Uint8Array } }
export const run = ({ params, inputs }: Asked) => Effect.gen(function* () {
  const flavour = yield* Effect.orDie(Config.withDefault(Config.Int("FLAVOUR"), 0))
  const words = new TextDecoder().decode(inputs.bytes).split(" ")
  const total = words.reduce((sum, word) => sum + helper(Number(word)), 0)
  return { row: { x: [total * weights.scale + flavour] }, pad: new Uint8Array(params.pad) }
})
`,
  "small/weights.json": `{ "scale": 3, "spare": 4 }`,
  "small/helper.ts": `import { factor } from "./constants.ts"
export const helper = (x: number): number => x * factor
export const spare = (x: number): number => x
`,
  "small/constants.ts": `export { factor, offset } from "./deep.ts"\n`,
  "small/deep.ts": `export const factor = 2\nexport const offset = 5\nexport const neighbour = 7\n`,
  "small/c.ts": `${declared}
export const c = stage(import.meta, "c", {
  params: Schema.Struct({}), inputs: {}, outputs: { row: Table },
  run: () => import("./c.run.ts"),
})
`,
  "small/c.run.ts": `import { Effect } from "effect"
import { soup } from "soup"
export const run = () => Effect.succeed({ row: { x: [soup] } })
`,
  "small/d.ts": `${declared}
export const d = stage(import.meta, "d", {
  params: Schema.Struct({}), inputs: {}, outputs: { row: Table },
  run: () => import("./d.run.ts"),
})
export const twin = stage(import.meta, "twin", {
  params: Schema.Struct({}), inputs: {}, outputs: { row: Table },
  run: () => import("./d.run.ts"),
})
`,
  "small/d.run.ts": `import { Effect } from "effect"
import { offset } from "./constants.ts"
export const run = () => Effect.sync(() => ({ row: { x: [offset] } }))
`,
  "small/spec.ts": `${declared}
import { atLeast, cell as at, check } from "../pipeline/check.ts"
import { grid, node, source } from "../pipeline/node.ts"
import { setting, spec } from "../pipeline/spec.ts"
import { a, b } from "./a.ts"
import { c } from "./c.ts"
import { d, twin } from "./d.ts"

export const cell = stage(import.meta, "cell", {
  params: Schema.Struct({ w: Schema.Int }), inputs: {}, outputs: { row: Table },
  run: async () => ({ run: ({ params }) => Effect.succeed({ row: { x: [params.w] } }) }),
})
export const gather = stage(import.meta, "gather", {
  params: Schema.Struct({}), inputs: { rows: many(Table) }, outputs: { row: Table },
  run: async () => ({ run: ({ inputs: { rows } }) =>
    Effect.succeed({ row: { x: [rows.reduce((sum, row, at) => sum + (at + 1) * Number(row["x"]![0]), 0)] } }) }),
})
export default spec({
  config: {
    widths: setting(Schema.Array(Schema.Int), [8, 16], "widths of the cells"),
    pad: setting(Schema.Int, 0, "bytes beside a's number"),
    title: setting(Schema.String, "Small", "what stands on the page"),
  },
  nodes: ({ widths, pad }) => {
    const first = node(a, { pad }, { bytes: source({ path: "small/data.txt" }).out.bytes })
    const cells = grid({ w: widths }).map((labels) => node(cell, { w: labels.w }, {}, labels))
    return {
      a: first,
      b: node(b, {}, { row: first.out.row, pad: first.out.pad }),
      c: node(c, {}, {}),
      d: node(d, {}, {}),
      twin: node(twin, {}, {}),
      gather: node(gather, {}, { rows: cells.map((each) => each.out.row) }),
    }
  },
  checks: (nodes) => Object.entries(nodes).map(([id, { out }]) =>
    check({ id, claim: "It is not negative.", source: "here", value: at(out.row, {}, "x"), expect: atLeast(0) })),
  page: (_, { title }) => ({
    title, lead: [], figures: [],
    render: async () => ({ page: async () => new Map([["index.html", title]]) }),
  }),
})
`,
  "small/node_modules/soup/package.json":
    `{ "name": "soup", "version": "1.0.0", "type": "module", "exports": "./index.js", "dependencies": { "salt": ` +
    `"2" } }`,
  "small/node_modules/soup/index.js": `import { salt } from "salt"\nexport const soup = salt + 1\n`,
  "small/node_modules/salt/package.json": packageOf("salt", "2.0.0"),
  "small/node_modules/salt/index.js": `export const salt = 10\n`,
  "small/node_modules/pepper/package.json": packageOf("pepper", "3.0.0"),
  "small/node_modules/pepper/index.js": `export const pepper = 20\nexport const leave = () => process.exit(0)\n`,
} as const

/** What the checks read after a first run. */
const firstValues = { a: 36, b: 360, c: 11, d: 5, twin: 5, gather: 40 }

/** Every node, started for one reason. */
export const everyNode = (why: string): Ran["started"] =>
  Object.fromEntries(["a", "b", "c", "cell/w=16", "cell/w=8", "d", "gather", "twin"].map((node) => [node, why]))

/** The run went well, started just these nodes, and gave the first values but for these. */
export const expectRan = (ran: Ran, started: Ran["started"], others: Ran["values"] = {}): void => {
  expect(ran.code, ran.text).toBe(0)
  expect(ran.started).toEqual(started)
  expect(ran.values).toEqual({ ...firstValues, ...others })
}

/** A project that has run once. */
export const kitchenAfterFirstRun = async (): Promise<Kitchen> => {
  const kitchen = new Kitchen()
  expectRan(await kitchen.rerun(), everyNode("first run"))
  kitchen.keep()
  return kitchen
}

const spec = "small/spec.ts"
/** What a run did. */
interface Ran {
  readonly code: number | null
  /** The nodes that started, and why each. */
  readonly started: { readonly [node: string]: string }
  /** What the checks read, by node. */
  readonly values: { readonly [node: string]: number | null }
  /** The events of one kind. */
  readonly told: <T extends Event["_tag"]>(tag: T) => ReadonlyArray<Extract<Event, { _tag: T }>>
  readonly text: string
}

export class Kitchen extends Project {
  readonly #files: { readonly [path: string]: string }

  constructor() {
    super({ copied: rooms })
    // One package of the project is its own, to be changed.
    const all = readlinkSync(this.path("node_modules"))
    rmSync(this.path("node_modules"))
    mkdirSync(this.path("node_modules"))
    for (const name of readdirSync(all))
      if (name !== "effect") symlinkSync(join(all, name), this.path(`node_modules/${name}`))
    cpSync(join(all, "effect"), this.path("node_modules/effect"), {
      recursive: true,
      filter: (path) => !/\.(ts|map|md)$|\/(src|ai-docs)$/.test(path),
    })
    this.#files = { ...files, [`node_modules/effect/package.json`]: this.read("node_modules/effect/package.json") }
    write(this.directory, this.#files)
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8")
  }

  /** Changes a file in place, and gives it back its times to the nanosecond, which Node cannot. */
  secretly(file: string, change: (path: string) => void): void {
    const path = this.path(file)
    const [like, before] = [this.path(".times"), statSync(path, { bigint: true })]
    execFileSync("touch", ["-r", path, like])
    chmodSync(path, 0o644)
    change(path)
    execFileSync("touch", ["-r", like, path])
    const { mtimeNs, ino } = statSync(path, { bigint: true })
    if (mtimeNs !== before.mtimeNs || ino !== before.ino) throw new Error(`the change of ${file} shows`)
  }

  /** Another version of a package. Gives the version before. */
  bump(name: string, version: string): string {
    const file = `${name === "effect" ? "" : "small/"}node_modules/${name}/package.json`
    const described = JSON.parse(this.read(file)) as { readonly version: string }
    this.write(file, JSON.stringify({ ...described, version }))
    return described.version
  }

  /** Keeps the store as it is, for `reset`. */
  keep(): void {
    cpSync(this.path(".pipeline"), this.path(".kept"), { recursive: true })
  }

  /** Files and store as they were when the store was kept. */
  reset(): void {
    // A file with nothing to undo keeps its times, and with them what is remembered of it.
    for (const [file, text] of Object.entries(this.#files)) if (this.read(file) !== text) this.write(file, text)
    for (const store of [".pipeline", ".empty"]) rmSync(this.path(store), { recursive: true, force: true })
    cpSync(this.path(".kept"), this.path(".pipeline"), { recursive: true })
  }

  /** A run in one process, which is quick, unless another executor is asked for. */
  async rerun(...args: ReadonlyArray<string>): Promise<Ran> {
    const executor = args.includes("--executor") ? [] : ["--executor", "inline"]
    const { code, out, err } = await this.run("run", spec, "--json", ...executor, ...args)
    return ranOf(code, out, err)
  }

  /** The same files with a store that knows nothing. */
  afresh(): Promise<Ran> {
    return this.rerun("--store", ".empty", "--out", ".empty")
  }

  /** What `plan` says: the nodes that would run, and those that may. */
  async predicted(
    ...args: ReadonlyArray<string>
  ): Promise<{ readonly run: ReadonlyArray<string>; readonly maybe: ReadonlyArray<string> }> {
    const rows = await this.plan(spec, ...args)
    const named = (tag: "Run" | "Maybe"): ReadonlyArray<string> =>
      rows.filter(({ _tag }) => _tag === tag).map(({ node }) => node)
    return { run: named("Run"), maybe: named("Maybe") }
  }
}

const ranOf = (code: number | null, out: string, err: string): Ran => {
  const events = linesOf(out) as ReadonlyArray<unknown> as ReadonlyArray<Event>
  const told: Ran["told"] = (tag) => events.filter((event): event is never => event._tag === tag)
  const judged = told("CheckJudged") as ReadonlyArray<unknown> as ReadonlyArray<{
    readonly check: string
    readonly measured: number | null
  }>
  return {
    code,
    started: Object.fromEntries(told("NodeStarted").map((event) => [event.node, causeOf(event)])),
    values: Object.fromEntries(judged.map(({ check, measured }) => [check, measured])),
    told,
    text: out + err,
  }
}

// As people read it, without the digests of inputs.
const causeOf = ({ reason: why }: Extract<Event, { _tag: "NodeStarted" }>): string =>
  why._tag === "Changed"
    ? why.differences
        .map((each) => (each.path.startsWith("inputs.") ? each.path.replace("inputs.", "input ") : changed(each)))
        .join(", ")
    : reason(why)
