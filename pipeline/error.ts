// The errors that can occur before and around the stages, by whose fault they are. All exit codes are here, so that no
// other file can give a failure another meaning. Knows nothing about how an error is shown.
import { Schema } from "effect"
import type { CacheError } from "../cache/store.ts"
import type { StageError } from "./stage.ts"

/** The spec, its config or its data are wrong. The user has to mend them. */
export class SpecError extends Schema.TaggedError<SpecError>()("SpecError", {
  reason: Schema.Literals([
    "NotFound",
    "DoesNotLoad",
    "NotASpec",
    "BadConfig",
    "BadParams",
    "BadInput",
    "BadStage",
    "BadLabel",
    "BadPage",
    "PageTaken",
    "DataMissing",
    "DataUnreadable",
    "DataAltered",
    "CodeChanged",
    "Unwritable",
    "InputMissing",
    "BadArgument",
  ]),
  message: Schema.String,
}) {}

/** The nodes do not make a plan. */
export class PlanError extends Schema.TaggedError<PlanError>()("PlanError", {
  reason: Schema.Literals([
    "Cycle",
    "DuplicateName",
    "SameDraw",
    "CollidingOutput",
    "UnknownNode",
    "UnknownOutput",
    "NothingSelected",
    "InputMissing",
  ]),
  message: Schema.String,
}) {}

/** The place where a stage ran failed, not the stage itself. */
export class ExecutorError extends Schema.TaggedError<ExecutorError>()("ExecutorError", {
  reason: Schema.Literals(["WorkerLost", "OutOfMemory", "TimedOut", "Unsuitable"]),
  message: Schema.String,
}) {}

/** Every error with which a node can fail. */
export type NodeError = CacheError | ExecutorError | StageError | SpecError

export const exitCode = {
  done: 0,
  stageFailed: 1,
  usage: 2,
  workFound: 3,
  verdictDiffers: 4,
  infrastructure: 5,
  timedOut: 6,
  busy: 9,
  interrupted: 130,
} as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** If several codes apply, the first one in this list is given. */
const precedence: ReadonlyArray<ExitCode> = [130, 9, 5, 6, 2, 1, 4, 3, 0]

export const worst = (codes: Iterable<ExitCode>): ExitCode => {
  const all = new Set(codes)
  return precedence.find((code) => all.has(code)) ?? exitCode.done
}

/** The exit code of a failed node. */
export const codeOf = (error: NodeError): ExitCode => {
  switch (error._tag) {
    case "StageError":
      return exitCode.stageFailed
    case "SpecError":
      return exitCode.usage
    case "CacheError":
      // "Foreign" is a user's mistake. All other reasons come from the system.
      return error.reason === "Foreign" ? exitCode.usage : exitCode.infrastructure
    case "ExecutorError":
      return error.reason === "TimedOut" ? exitCode.timedOut : exitCode.infrastructure
  }
}
