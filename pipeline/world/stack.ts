// How does a stage look in the stack of an error? By lines of its stored text, and by files of packages without the
// folder that holds them: a stage that reads a stack reads the same everywhere. Refuses to know files of the project.

const prefix = "stage-"

/** The name under which the code of a digest stands in stacks. */
export const stageFrame = (digest: string): string => `${prefix}${digest.slice(0, 16)}.js`

const inStage = new RegExp(String.raw`\b${prefix}[0-9a-f]{16}\.js:`)

/** Places in the code of stages: their lines and columns. */
export const stageFrames = new RegExp(String.raw`\b${prefix}[0-9a-f]{16}\.js:(\d+):(\d+)`, "g")

/** Whether a line of a stack is of a stage. */
export const isStageFrame = (line: string): boolean => inStage.test(line)

type Prepare = NonNullable<typeof Error.prepareStackTrace>

/** Takes the frames of the engine out of the stacks in which a stage stands. */
export const hideEngine = (): void => {
  const before = Error.prepareStackTrace
  const prepare: Prepare = (error, frames) => {
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
  Error.prepareStackTrace = prepare
}

const headOf = (error: Error): string => {
  try {
    return String(error)
  } catch {
    return "an error that has no text"
  }
}

const withoutFolder = (line: string): string => line.replace(/(file:\/\/)?\/[^\s()]*\/node_modules\//, "")
