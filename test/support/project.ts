// A copy of the project in a temporary folder, with its own store, to be edited, run, killed and run again as a
// user would from a terminal.
import { spawn } from "node:child_process"
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { inventoryOf } from "../../cache/inventory.ts"

const root = join(import.meta.dirname, "../..")

/** The rooms of the engine and the stages. */
export const rooms = ["cache", "pipeline", "stages", "report"] as const
type Room = (typeof rooms)[number]

export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface Told {
  readonly _tag: string
  readonly node?: string
  readonly key?: string
  readonly outcome?: "hit" | "joined" | "run"
}

export interface Running {
  readonly pid: number
  readonly finished: Promise<Finished>
  /** The events of a `--json` run so far. */
  readonly told: () => ReadonlyArray<Told>
  /** Waits for an event of a `--json` run. */
  readonly until: (wanted: (told: Told) => boolean) => Promise<void>
  /** A signal to the whole process group, as a terminal or a batch system sends it. */
  readonly signal: (name: NodeJS.Signals) => void
}

export interface PlannedRow {
  readonly node: string
  readonly _tag: "Hit" | "Run" | "Maybe"
  readonly key?: string
  readonly outputs?: ReadonlyArray<{ readonly name: string; readonly digest: string }>
}

export class Project {
  readonly directory: string
  readonly #around = mkdtempSync(join(tmpdir(), "pipeline-"))

  /**
   * The project is in a folder of its own, in which it may have another name. Its specs are copies. Its other rooms are
   * links, unless they are named: Node has compiled the files behind a link before, and compiling takes a second.
   */
  constructor({ name = ".", copied = [] }: { readonly name?: string; readonly copied?: ReadonlyArray<Room> } = {}) {
    this.directory = join(this.#around, name)
    mkdirSync(this.directory, { recursive: true })
    for (const part of [...copied, "specs", "package.json", "tsconfig.json"])
      cpSync(join(root, part), join(this.directory, part), { recursive: true })
    for (const part of [...rooms.filter((room) => !copied.includes(room)), "node_modules"])
      symlinkSync(join(root, part), join(this.directory, part))
  }

  path(file: string): string {
    return join(this.directory, file)
  }

  write(file: string, text: string): void {
    const room = file.split("/")[0]!
    if (lstatSync(this.path(room), { throwIfNoEntry: false })?.isSymbolicLink())
      throw new Error(`${room} is a link here. Make the project with copied: ["${room}"]`)
    writeFileSync(this.path(file), text)
  }

  /** Replaces a text that must be there. */
  edit(file: string, before: string, after: string): void {
    const text = readFileSync(this.path(file), "utf8")
    if (!text.includes(before)) throw new Error(`${file} does not hold ${before}`)
    this.write(file, text.replace(before, after))
  }

  start(...args: ReadonlyArray<string>): Running {
    return this.startIn(this.directory, ...args)
  }

  /** As from another folder. */
  startIn(directory: string, ...args: ReadonlyArray<string>): Running {
    const child = spawn(process.execPath, [this.path("pipeline/launch.mjs"), ...args], {
      cwd: directory,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    })
    let [out, err] = ["", ""]
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString()
    })
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString()
    })
    return {
      pid: child.pid!,
      finished: new Promise((resolve) => {
        child.on("close", (code) => resolve({ code, out, err }))
      }),
      told: () => linesOf(out),
      until: (wanted) =>
        new Promise((resolve) => {
          const look = (): void => {
            if (!linesOf(out).some(wanted)) return
            child.stdout.off("data", look)
            resolve()
          }
          child.stdout.on("data", look)
          look()
        }),
      signal: (name) => {
        try {
          process.kill(-child.pid!, name)
        } catch {
          // it ended by itself in the meantime
        }
      },
    }
  }

  run(...args: ReadonlyArray<string>): Promise<Finished> {
    return this.start(...args).finished
  }

  /** What a command said, once it has ended with this status. */
  async said(status: number, ...args: ReadonlyArray<string>): Promise<string> {
    const { code, out, err } = await this.run(...args)
    if (code !== status) throw new Error(`${args.join(" ")} ended with ${code}, not ${status}:\n${err}${out}`)
    return out + err
  }

  /** The nodes that a run within one process started, by name. */
  async started(spec: string, ...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
    return startedIn(await this.said(0, "run", spec, "--json", "--executor", "inline", ...args)).toSorted()
  }

  /** What a run would do with every node. */
  async plan(spec: string, ...args: ReadonlyArray<string>): Promise<ReadonlyArray<PlannedRow>> {
    const { out } = await this.run("plan", spec, "--json", "--all", ...args)
    return linesOf(out) as ReadonlyArray<PlannedRow>
  }

  /** Every finished node's output digests. */
  async results(spec: string, ...args: ReadonlyArray<string>): Promise<ReadonlyMap<string, string>> {
    const rows = await this.plan(spec, ...args)
    return new Map(
      rows
        .filter((row) => row._tag === "Hit")
        .map((row) => [row.node, row.outputs!.map(({ name, digest }) => `${name} ${digest}`).join(" ")]),
    )
  }

  [Symbol.dispose](): void {
    rmSync(this.#around, { recursive: true, force: true })
  }
}

/** What every record in the directory of a store says: the digests of its outputs, by key. */
export const recordsIn = async (store: string): Promise<ReadonlyMap<string, string>> => {
  if (!existsSync(store)) return new Map()
  const { records } = await Effect.runPromise(inventoryOf(store))
  return new Map(
    Array.from(records)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { record }]) => [key, record.outputs.map(({ name, digest }) => `${name} ${digest}`).join(" ")]),
  )
}

/** The events of a `--json` run; a line torn by a kill is left out. */
export const linesOf = (out: string): ReadonlyArray<Told> =>
  out.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Told]
    } catch {
      return []
    }
  })

/** The names of the nodes a `--json` run started. */
export const startedIn = (out: string): ReadonlyArray<string> =>
  linesOf(out)
    .filter(({ _tag }) => _tag === "NodeStarted")
    .map(({ node }) => node!)

/** The last line that says anything. */
export const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1)!
