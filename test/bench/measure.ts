// Measures a row: ours and the peer in turn, several times, each in a process of its own; of each the fastest.
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { environment, type Peer } from "../peers/python.ts"
import type { Program, Row } from "./rows.ts"

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** What a process told of its work. */
export interface Told {
  readonly seconds: number
  /** The most memory it ever had resident. */
  readonly bytes: number
  readonly [detail: string]: number | string
}

export interface Measured {
  readonly ours: Told
  readonly peer: Told | undefined
}

export const runOurs = ({ name, params }: Program<string>): Promise<Told> =>
  told(process.execPath, [here("child.ts"), name, JSON.stringify(params)])
const runPeer = ({ command }: Peer, { name, params }: Program<string>): Promise<Told> =>
  told(command, [here(`${name}.py`), JSON.stringify(params)])

/** This process stays small: a child's peak begins with what its parent has resident when it is born. */
const told = (command: string, args: ReadonlyArray<string>): Promise<Told> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: environment })
    let [out, log] = ["", ""]
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text))
    child.on("error", reject)
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(out.trim().split("\n").at(-1)!) as Told)
      else reject(new Error(`${args.join(" ")} ended with ${status}:\n${log.trim()}`))
    })
  })

export const measure = async (
  { ours, peer }: Pick<Row, "ours" | "peer">,
  python: Peer | undefined,
  rounds: number,
): Promise<Measured> => {
  const mine: Array<Told> = []
  const theirs: Array<Told> = []
  for (let i = 0; i < rounds; i++) {
    mine.push(await runOurs(ours))
    if (peer !== undefined && python !== undefined) theirs.push(await runPeer(python, peer))
  }
  return { ours: fastest(mine), peer: theirs.length > 0 ? fastest(theirs) : undefined }
}

/** With the most memory of any: a lucky run must not hide it. */
const fastest = (runs: ReadonlyArray<Told>): Told => {
  const best = runs.reduce((a, b) => (b.seconds < a.seconds ? b : a))
  return { ...best, bytes: Math.max(...runs.map(({ bytes }) => bytes)) }
}
