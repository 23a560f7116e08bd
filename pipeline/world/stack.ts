// Decides how a stage looks in the stack of an error: lines of its stored text, and files of packages without the
// folder that holds them. So a stage that reads a stack reads the same everywhere. Knows nothing about files of the
// project.
import { WorldError } from "./closed.ts"

const prefix = "stage-"

/** The file name that the code with a digest has in stacks. */
export const stageFrame = (digest: string): string => `${prefix}${digest.slice(0, 16)}.js`

const inStage = new RegExp(String.raw`\b${prefix}[0-9a-f]{16}\.js:`)

/** A pattern for places in the code of stages, with their lines and columns. */
export const stageFrames = new RegExp(String.raw`\b${prefix}[0-9a-f]{16}\.js:(\d+):(\d+)`, "g")

/** Whether a line of a stack belongs to a stage. */
const isStageFrame = (line: string): boolean => inStage.test(line)

type Prepare = NonNullable<typeof Error.prepareStackTrace>

let prepare: Prepare | undefined

/** Removes the frames of the engine from stacks that contain a stage, and lets no stage undo that. */
export const hideEngine = (): void => {
  const before = Error.prepareStackTrace
  prepare = (error, frames) => {
    const lines = frames.map((frame) => `    at ${String(frame)}`)
    // The caller of the outermost function of a stage is the engine.
    const end = lines.findLastIndex(isStageFrame) + 1
    if (end === 0)
      return before === undefined ? [headOf(error), ...lines].join("\n") : (before(error, frames) as unknown)
    return [
      headOf(error),
      ...lines
        .slice(0, end)
        .filter((line) => isStageFrame(line) || line.includes("/node_modules/"))
        .map(withoutFolder),
    ].join("\n")
  }
  Object.defineProperty(Error, "prepareStackTrace", {
    get: () => prepare,
    set: (other: Prepare | undefined) => {
      if (caller() === "Stage") throw new WorldError("Machine", "Error.prepareStackTrace")
      prepare = other
    },
  })
}

const world = import.meta.dirname

// These files only call functions that other code gave them, so they do not count as callers.
const isNobody = (file: string | null | undefined): boolean =>
  file === null ||
  file === undefined ||
  file.startsWith("node:") ||
  file.includes(world) ||
  file.includes("/node_modules/effect/")

/**
 * Who called the function that asks. Uses no patterns, because a match would change RegExp.$1, which a package may
 * read.
 */
export const caller = (): "Stage" | "Other" | "Nobody" => {
  const [before, limit] = [prepare, Error.stackTraceLimit]
  prepare = (_, frames) => frames.map((frame) => frame.getFileName())
  Error.stackTraceLimit = 20
  const files = new Error("where").stack as unknown as ReadonlyArray<string | null | undefined>
  Error.stackTraceLimit = limit
  prepare = before
  const file = files.find((each) => !isNobody(each))
  return typeof file !== "string" ? "Nobody" : file.startsWith(prefix) ? "Stage" : "Other"
}

const headOf = (error: Error): string => {
  try {
    return String(error)
  } catch {
    return "an error that has no text"
  }
}

const withoutFolder = (line: string): string => line.replace(/(file:\/\/)?\/[^\s()]*\/node_modules\//, "")
