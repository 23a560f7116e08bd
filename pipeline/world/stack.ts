// How does a stage look in the stack of an error? By lines of its stored text, and by files of packages without the
// folder that holds them: a stage that reads a stack reads the same everywhere. Refuses to know files of the project.
import { WorldError } from "./closed.ts"

const prefix = "stage-"

/** The name under which the code of a digest stands in stacks. */
export const stageFrame = (digest: string): string => `${prefix}${digest.slice(0, 16)}.js`

const inStage = new RegExp(String.raw`\b${prefix}[0-9a-f]{16}\.js:`)

/** Places in the code of stages: their lines and columns. */
export const stageFrames = new RegExp(String.raw`\b${prefix}[0-9a-f]{16}\.js:(\d+):(\d+)`, "g")

/** Whether a line of a stack is of a stage. */
const isStageFrame = (line: string): boolean => inStage.test(line)

type Prepare = NonNullable<typeof Error.prepareStackTrace>

let prepare: Prepare | undefined

/** Takes the frames of the engine out of the stacks in which a stage stands, and lets no stage undo that. */
export const hideEngine = (): void => {
  const before = Error.prepareStackTrace
  prepare = (error, frames) => {
    const lines = frames.map((frame) => `    at ${String(frame)}`)
    // Who called the outermost function of the stage is the engine.
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

// Those hand on what they were given by others.
const isNobody = (file: string | null | undefined): boolean =>
  file === null ||
  file === undefined ||
  file.startsWith("node:") ||
  file.includes(world) ||
  file.includes("/node_modules/effect/")

/** Who called what asks this. Without patterns: RegExp.$1 is what a package may ask for. */
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
