// Tab, in the shells that are installed: the real scripts ask the real command about a real spec. And the help for
// whoever does not press it.
import { execFile, spawnSync } from "node:child_process"
import { globSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const launch = join(root, "pipeline/launch.mjs")
const call = (file: string, ...args: ReadonlyArray<string>) =>
  promisify(execFile)(file, args, { cwd: root, env: { ...process.env, NODE: process.execPath, LAUNCH: launch } })
const complete = async (line: string): Promise<ReadonlyArray<string>> => {
  const { stdout, stderr } = await call(process.execPath, launch, "complete", "--", ...line.split(" "))
  expect(stderr).toBe("")
  return stdout.split("\n").filter((text) => text !== "")
}
const has = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).status === 0

it("nothing is said where nothing is known: of a spec that is not there, of a flag with free text", async () => {
  expect(await Promise.all([complete("show specs/none.ts "), complete("run specs/smoke.ts --out ")])).toEqual([[], []])
})

it("a candidate stands before a tab and what it is", async () => {
  expect(await complete("run specs/smoke.ts --set wid")).toEqual([
    "widths=\twidths h of the hidden layers (figures 1c to 6) (8,16)",
  ])
})

// A line, and its last word as bash splits it.
const tab = `
pipeline() { "$NODE" "$LAUNCH" "$@"; }
source <(pipeline completion bash)
tab() { COMP_LINE="$1" COMP_POINT="\${#1}" COMP_WORDS=("$2") COMP_CWORD=0; _pipeline; echo "\${COMPREPLY[*]}"; }
`
it.skipIf(!has("bash"))(
  "bash completes specs and nodes, behind npx, in quotes and after its own word breaks",
  async () => {
    const quoted = "'train/n=40,net=softplus2,h=8,sqrtHAlpha=0.1,r"
    const { stdout, stderr } = await call(
      "bash",
      "-c",
      `${tab}
    tab "pipeline run specs/smo" "specs/smo"
    tab "npx pipeline run specs/smoke.ts --until=train/n=40,net=softplus2,h=8,sqrtHAlpha=0.1,r" "0.1,r"
    tab "pipeline show specs/smoke.ts ${quoted}" "${quoted}"
    tab "npx tsc ts" "ts"`,
    )
    expect(stderr).toBe("")
    expect(stdout.split("\n")).toEqual([
      "specs/smoke.ts",
      "0.1,replica=0 0.1,replica=1",
      "train/n=40,net=softplus2,h=8,sqrtHAlpha=0.1,replica=0 train/n=40,net=softplus2,h=8,sqrtHAlpha=0.1,replica=1",
      "",
      "",
    ])
  },
)

it.skipIf(!has("fish"))("fish completes specs and nodes", async () => {
  const { stdout } = await call(
    "fish",
    "--no-config",
    "-c",
    `function pipeline; $NODE $LAUNCH $argv; end; pipeline completion fish | source; complete -C "pipeline ` +
      `show specs/smoke.ts summ"`,
  )
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t")[0]),
  ).toEqual(["collapse", "curves", "errors", "gains", "halves", "lazies", "phase"].map((of) => `summarize/of=${of}`))
})

it.skipIf(!has("zsh"))("zsh takes the script", async () => {
  await call("zsh", "-n", join(root, "pipeline/commands/completion/pipeline.zsh"))
})

const families = join(root, "pipeline/commands")

/** Every command of every family; the families get no services, since none of the commands is run. */
const commands = async () => {
  const groups = await Promise.all(
    globSync("*/commands.ts", { cwd: families }).map(
      (file) => import(join(families, file)) as Promise<{ readonly [name: string]: unknown }>,
    ),
  )
  const makers = groups.flatMap((group) =>
    Object.entries(group).flatMap(([name, maker]) =>
      name.endsWith("Commands") ? [maker as (services: object) => ReadonlyArray<Made>] : [],
    ),
  )
  return makers.flatMap((maker) => maker({})).filter(({ unlisted }) => !unlisted)
}
interface Made {
  readonly name: string
  readonly unlisted: boolean
  readonly description: string | undefined
  readonly examples: ReadonlyArray<{ readonly command: string; readonly description?: string }>
}

it("every command says what it does, with an example that begins as one types it", async () => {
  const made = await commands()
  expect((await complete("")).map((line) => line.split("\t")[0]).toSorted()).toEqual(
    made.map(({ name }) => name).toSorted(),
  )
  for (const { name, description, examples } of made) {
    expect(description?.length ?? 0, name).toBeGreaterThan(30)
    expect(examples.length, `examples of ${name}`).toBeGreaterThan(0)
    for (const { command, description: about } of examples) {
      expect(command).toMatch(new RegExp(String.raw`\bpipeline ${name}\b`))
      expect(about ?? "", command).not.toBe("")
    }
  }
})
