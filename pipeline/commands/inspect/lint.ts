// `pipeline lint SPEC`: finds places where stages would reach out of their world (files, undeclared variables, time,
// chance, network, computed imports) before they run. Executes nothing. Knows nothing about the rules themselves.
import { Console, Effect } from "effect"
import { annotation } from "../../printer/annotation.ts"
import { verbatim } from "../../printer/verbatim.ts"
import { exitCode, type ExitCode } from "../../error.ts"
import { lint } from "../../code/lint.ts"
import { load } from "../../plan/load.ts"
import { annotated, finding as sentence, linted } from "./message.ts"
import { wrong } from "../../world/message.ts"
import type { LookOptions } from "../look.ts"

export const lintCommand = Effect.fn("lintCommand")(function* (
  options: Omit<LookOptions, "store"> & { readonly json: boolean },
) {
  const { plan } = yield* load(options.spec, options.set)
  const stages = [...new Set(plan.nodes.flatMap((node) => (node._tag === "StageNode" ? [node.stage] : [])))]
  const { findings, files } = lint(stages)
  for (const each of findings) {
    yield* Console.log(options.json ? JSON.stringify({ v: 1, ...each, message: wrong(each) }) : sentence(each))
  }
  if (!options.json) {
    if (process.env["GITHUB_ACTIONS"] === "true")
      for (const each of findings) yield* verbatim(annotation("error", annotated(each), each))
    yield* Console.log(linted(findings, stages.length, files))
  }
  return (findings.length === 0 ? exitCode.done : exitCode.usage) as ExitCode
})
