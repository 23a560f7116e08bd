// Messages about a stage that reached out of its world: what the key of the stage does not see, and what to declare
// instead. Functions from data to text. Knows nothing about how the stage is stopped.
import type { Closed } from "../code/names.ts"

/** The end of a sentence that begins with the stage and says what is wrong. */
export const wrong = ({
  kind,
  what,
  variable,
}: {
  readonly kind: Closed
  readonly what: string
  readonly variable?: string | undefined
}): string => {
  switch (kind) {
    case "Import":
      return (
        `imports ${what}, which the bundler could not follow, so its key does not see that code. Write the ` +
        "name as plain text, in one import() for each module; list a package in package.json."
      )
    case "Require":
      return (
        `loads code with require (${what}), which its key does not see. Use import, or import() of a name that is ` +
        "plain text."
      )
    case "Process":
      return (
        `uses another process or thread with ${what}, which its key does not see. Compute in the stage ` +
        "itself, or make that code a stage."
      )
    case "File":
      return (
        `reads or writes files with ${what}, but their bytes are not in its key. Take them as an input: source({ ` +
        "path }) gives a file to a node."
      )
    case "Beside":
      return (
        `asks for the place of its own file with ${what}, but the files beside it are not in its key. Import the ` +
        "data, or take it as an input from source({ path })."
      )
    case "Environment":
      return variable === undefined
        ? `reads environment variables without naming them (${what}). Write the name as plain text, and list it in ` +
            "the environment of the stage."
        : `reads the environment variable ${variable}, which it does not declare. Add environment: ` +
            `["${variable}"] to the stage, or take the value as a param.`
    case "Time":
      return (
        `asks for the time with ${what}, which is different every time. Stop after some steps or model time, and ` +
        "take dates as params."
      )
    case "Chance":
      return (
        `draws random numbers with ${what}, which no seed repeats. Declare the stage random: true, and draw from the ` +
        "seed that it is given."
      )
    case "Text":
      return `runs code that is not imported (${what}). Write it as a function of a module.`
    case "Network":
      return (
        `uses the network with ${what}, but the answers are not in its key. Download the bytes once, and take them ` +
        "as an input from source({ path, sha256 })."
      )
    case "Machine":
      return `asks for a property of its machine with ${what}, which is not in its key. Take the value as a param.`
    case "State":
      return (
        `changes ${what}, which all nodes of a process share. Declare a variable in the module: it is new for ` +
        "every node."
      )
  }
}

/** For a stage that was stopped when it reached out of its world. */
export const reached = (stage: string, error: Parameters<typeof wrong>[0]): string =>
  `The stage ${stage} ${wrong(error)}`

/** For a stage that changed something that other nodes would find. */
export const changed = (stage: string, what: string): string =>
  `The stage ${stage} changed ${what}, which all nodes of a process share, so that the value of the next node ` +
  "could depend on it. Declare a variable in the module: it is new for every node."

/** For a package that was edited during a run. */
export const packageChanged = (node: string, file: string): string =>
  `${file} has changed since the run began, so ${node} was not recorded. Run again.`

/** For a package that tried something that its process does not allow. */
export const refused = (stage: string, permission: string, resource: string): string => {
  switch (permission) {
    case "FileSystemRead":
      return (
        `A package of the stage ${stage} read ${resource}, which the key of the stage does not see. Declare the ` +
        "file as a source in the spec, and take it as an input."
      )
    case "FileSystemWrite":
      return `A package of the stage ${stage} wrote ${resource}, which no record keeps. Return its bytes as an output.`
    case "ChildProcess":
      return (
        `A package of the stage ${stage} started a process, which the key of the stage does not see. Run the ` +
        "program beforehand, and declare what it wrote as a source."
      )
    default:
      return (
        `A package of the stage ${stage} used something outside of its process (${permission}), which the key of the ` +
        "stage does not see. Compute from params and inputs only."
      )
  }
}
