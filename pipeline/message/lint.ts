// Every sentence a person reads of what a fingerprint cannot see: what is wrong, and what to do instead.
import type { Finding } from "../code/lint.ts"

const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`

/** What is wrong with a finding, as said of its stage. */
export const wrong = ({ kind, what, variable }: Pick<Finding, "kind" | "what" | "variable">): string => {
  switch (kind) {
    case "Import":
      return "imports a module whose name is made while it runs, so its fingerprint cannot follow. Write the name out, with an import() for each module."
    case "Require":
      return `loads code by require (${what}), which its fingerprint does not follow. Use import, or import() of a name that is written out.`
    case "Process":
      return `starts other code by ${what}, which its key does not see. Import that code and call it, or make it a stage.`
    case "File":
      return `reads or writes files by ${what}, and their bytes are not in its key. Take them as an input: source({ path }) gives a file to a node.`
    case "Beside":
      return `asks where its own file lies by ${what}, and what lies beside it is not in its key. Import the data, or take it as an input from source({ path }).`
    case "Environment":
      return variable === undefined
        ? `reads variables of the environment without naming them (${what}). Write the name out, and name it in the stage's environment.`
        : `reads the environment variable ${variable}, which it does not declare. Add environment: ["${variable}"] to the stage, or take the value as a param.`
    case "Time":
      return `asks for the time by ${what}, which is another every time. Stop by steps or model time, and take dates as params.`
    case "Chance":
      return `draws by chance with ${what}, which no seed repeats. Declare the stage random: true and draw from the seed it is given.`
    case "Text":
      return `runs code that no import leads to (${what}). Write it as a function of a module.`
    case "Network":
      return `asks the network by ${what}, whose answers are not in its key. Fetch the bytes once, and take them as an input from source({ path, sha256 }).`
    case "Machine":
      return `asks by ${what} where it runs, which is not in its key. Take the value as a param.`
    case "State":
      return "assigns to a variable of the module, which a worker keeps from one node to the next. Declare the variable inside the function, or hand the value on."
    case "Reason":
      return `makes an exception for ${what} without a reason. Write above it: // unseen: why the result does not depend on it.`
  }
}

/** A finding beside its line, where the place is known. */
export const annotated = (each: Finding): string => `${each.stages.length === 1 ? "stage" : "stages"} ${each.stages.join(", ")}: ${wrong(each)}`

export const finding = (each: Finding): string => `${each.file}:${each.line}:${each.column}  ${annotated(each)}`

/** The last line of every lint. */
export const linted = (findings: ReadonlyArray<Finding>, stages: number, files: number): string =>
  findings.length === 0
    ? `Nothing found: ${many(stages, "stage")}, ${many(files, "file")}.`
    : `${many(findings.length, "finding")} in ${many(new Set(findings.flatMap((each) => each.stages)).size, "stage")}`

/** Of a stage that gets no fingerprint. */
export const unkeyed = (stage: string, spots: ReadonlyArray<Finding>): string =>
  [
    `The stage ${stage} does what no key sees, so its results could be stale, or others every time, and nobody would know:`,
    ...spots.map(finding),
    "Or write above the line: // unseen: why the result does not depend on it. See pipeline lint for all that is not seen.",
  ].join("\n")
