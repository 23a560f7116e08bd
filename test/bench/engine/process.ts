// A run of the layered graph as a whole process: how long it takes, how much CPU time it and its workers use, and
// the most memory it ever had resident.
import { spawn } from "node:child_process"
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const launcher = here("../../../pipeline/launch.mjs")

export interface Spent {
  readonly seconds: number
  /** Of the process and of all it waited for. */
  readonly cpuSeconds: number
  readonly bytes: number
}

/** Runs a command of ours on the layered graph, in a store of the bench's directory. */
export const spend = async (
  directory: string,
  command: "run" | "plan",
  nodes: number,
  store: string,
  ...args: ReadonlyArray<string>
): Promise<Spent> => {
  const peak = join(directory, "peak.json")
  const words = [
    process.execPath,
    "--import",
    here("peak.ts"),
    launcher,
    command,
    here("layered.ts"),
    "--set",
    `nodes=${nodes}`,
    "--store",
    join(directory, store),
    ...(command === "run" ? ["--out", join(directory, "out", store)] : []),
    ...args,
  ]
  const began = performance.now()
  const { code, out, err } = await shell(words, { ...process.env, PEAK: peak })
  const seconds = (performance.now() - began) / 1000
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}:\n${out.slice(-2000)}${err}`)
  const { bytes } = JSON.parse(readFileSync(peak, "utf8")) as { readonly bytes: number }
  rmSync(peak)
  // `times` of a shell: its own on the first line, that of its children on the second.
  const cpuSeconds = [
    ...out
      .trimEnd()
      .split("\n")
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0)
  return { seconds, cpuSeconds, bytes }
}

const shell = (
  words: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", '"$@"; code=$?; times; exit $code', "sh", ...words], {
      env,
      cwd: here("../../.."),
    })
    let [out, err] = ["", ""]
    child.stdout.on("data", (chunk: Buffer) => {
      out = (out + chunk.toString()).slice(-4000)
    })
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, out, err }))
  })
