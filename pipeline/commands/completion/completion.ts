// `pipeline completion SHELL`: prints the script with which a shell calls `pipeline complete`. Knows nothing about the
// candidates.
import { readFileSync } from "node:fs"
import { Effect } from "effect"
import { exitCode, type ExitCode } from "../../error.ts"
import { verbatim } from "../../printer/verbatim.ts"

export const completionCommand = Effect.fn("completionCommand")(function* (shell: "bash" | "zsh" | "fish") {
  yield* verbatim(readFileSync(new URL(`./pipeline.${shell}`, import.meta.url), "utf8").trimEnd())
  return exitCode.done as ExitCode
})
