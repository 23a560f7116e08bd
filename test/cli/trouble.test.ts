// When the system refuses: one message that names the place and says what to do, exit code 5, never a stack; what was
// finished is kept, and once the trouble is over a second run makes the rest and nothing else.
import { execFileSync, spawnSync } from "node:child_process"
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { layered } from "../support/layered.ts"
import { linesOf, Project, recordsIn, startedIn, type Finished } from "../support/project.ts"

const spec = "specs/layered.ts"
const nodes = 6
const runArgs = (store: string, executor = "inline") => [
  "run",
  spec,
  "--json",
  "--executor",
  executor,
  "--jobs",
  "1",
  "--set",
  "width=3",
  "--set",
  "depth=2",
  "--set",
  "wait=100",
  "--store",
  store,
]

let project: Project
let whole: ReadonlyMap<string, string>
beforeAll(async () => {
  project = new Project()
  project.write(spec, layered)
  expect((await project.run(...runArgs("whole"))).code).toBe(0)
  whole = await recordsIn(project.path("whole"))
  expect(whole.size).toBe(nodes)
}, 60_000)
afterAll(() => project[Symbol.dispose]())

const isRoot = process.getuid?.() === 0
const can = (command: string, ...args: ReadonlyArray<string>): boolean =>
  spawnSync(command, args, { stdio: "ignore" }).status === 0

/** Closes a directory for writing; undefined where that is not possible, else what opens it again. */
const closed = (directory: string): (() => void) | undefined => {
  if (!isRoot) {
    chmodSync(directory, 0o555)
    return () => chmodSync(directory, 0o755)
  }
  // Permissions do not stop root; a file system that is read-only does.
  if (!can("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", directory)) return undefined
  return () => execFileSync("umount", [directory])
}

/** How a run ended in trouble: with a message like this, and no stack. */
const refused = ({ code, out, err }: Finished, says: RegExp): void => {
  expect(out + err).toMatch(says)
  expect(out + err).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
  expect(code, out + err).toBe(5)
}

/** Runs until a node is done, lets trouble begin, waits for the end, ends the trouble and runs again. */
const interrupted = async (
  store: string,
  begin: (pid: number) => (() => void) | undefined,
  says: RegExp,
): Promise<boolean> => {
  const run = project.start(...runArgs(store))
  await run.until(({ _tag }) => _tag === "NodeDone")
  const over = begin(run.pid)
  const end = await run.finished
  if (over === undefined) return false
  refused(end, says)
  over()
  const kept = await recordsIn(project.path(store))
  expect(kept.size).toBeGreaterThan(0)
  expect(kept.size).toBeLessThan(nodes)
  const again = await project.run(...runArgs(store))
  expect(again.code, again.err).toBe(0)
  expect(startedIn(again.out).length).toBe(nodes - kept.size)
  expect(linesOf(again.out).filter(({ _tag, key }) => _tag === "NodeStarted" && kept.has(key!))).toEqual([])
  expect(await recordsIn(project.path(store))).toEqual(whole)
  return true
}

const vanish = (): (() => void) => {
  renameSync(project.path("vanishing"), project.path("vanished"))
  return () => {
    expect(existsSync(project.path("vanishing"))).toBe(false)
    renameSync(project.path("vanished"), project.path("vanishing"))
  }
}

const starve = (pid: number): (() => void) => {
  const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number))
  const free = Array.from({ length: open.size + 1 }, (_, file) => file).find((file) => !open.has(file))
  execFileSync("prlimit", ["--pid", String(pid), `--nofile=${free}:`])
  return () => undefined
}

const stunt = (pid: number): (() => void) => {
  execFileSync("prlimit", ["--pid", String(pid), "--fsize=2000:"])
  return () => undefined
}

describe("in the middle of a run", () => {
  it("too many open files", async ({ skip }) => {
    if (!can("prlimit", "--version")) return skip("prlimit is not here")
    await interrupted(
      "files",
      starve,
      /Too many files are open .* raise the limit \(ulimit -n\), or run fewer nodes at once/,
    )
  })

  it("a file that may not grow as long as a result", async ({ skip }) => {
    if (!can("prlimit", "--version")) return skip("prlimit is not here")
    await interrupted("room", stunt, /There is no room left in the store .* make room and run again/)
  })

  it("a store that becomes read-only", async ({ skip }) => {
    if (
      !(await interrupted(
        "closing",
        () => closed(project.path("closing/claims")),
        /The system refuses access to the store at .* Correct the permissions, or name another store with --store/,
      ))
    )
      skip("root may not mount here")
  })

  it("a store that vanishes, and is not made anew in pieces", async () => {
    await interrupted(
      "vanishing",
      vanish,
      /The directory .*vanishing.* of the store no longer exists\. Put it back and run again/,
    )
  })
})

it("a store that is read-only from the start is refused before anything runs", async ({ skip }) => {
  mkdirSync(project.path("closed"))
  const open = closed(project.path("closed"))
  if (open === undefined) return skip("root may not mount here")
  try {
    refused(await project.run(...runArgs("closed")), /The system refuses access to the store at .*closed/)
  } finally {
    open()
  }
})

it("too few open files for a worker are told as what they are", () => {
  const launch = [
    "-c",
    'ulimit -n 24 && exec "$@"',
    "sh",
    process.execPath,
    project.path("pipeline/launch.mjs"),
    ...runArgs("whole", "pool"),
    "--force",
    "cell/layer=0,place=0",
  ]
  const { status, stdout, stderr } = spawnSync("sh", launch, { cwd: project.directory, encoding: "utf8" })
  refused({ code: status, out: stdout, err: stderr }, /A worker did not start/)
})
