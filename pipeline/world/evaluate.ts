// Turns the stored text of some code into its value, in the world that it is given. The text is compiled once and run
// again for every node, so the state of its modules begins fresh. Knows nothing about jobs, stores and stages.
import { isBuiltin } from "node:module"
import vm from "node:vm"
import type { Header } from "../code/header.ts"
import { builtinFor } from "./builtins.ts"
import { WorldError } from "./closed.ts"
import { runs } from "./running.ts"
import { stageFrame } from "./stack.ts"

export interface Compiled {
  readonly header: Header
  readonly text: string
  readonly run: (...given: ReadonlyArray<unknown>) => Promise<unknown>
}

type Namespace = { readonly [name: string]: unknown }

/** Everything that code can reach outside itself. */
export interface World {
  readonly global: (name: string) => unknown
  /** Loads the module of a package that a specifier leads to. */
  readonly load: (specifier: string) => Promise<Namespace>
  readonly require: (specifier: string) => unknown
}

/**
 * Compiles the text with a digest. Compiling is expensive and running is cheap, so a caller that runs the text for many
 * nodes keeps the result.
 */
export const compile = (digest: string, text: string): Compiled => {
  const end = text.indexOf("\n")
  const header = JSON.parse(text.slice(0, end)) as Header
  const taken = header.imports.flatMap(({ names }, i) =>
    names.map(([name, local]) => `${local}=$${i}${name === "*" ? "" : `[${JSON.stringify(name)}]`}`),
  )
  const before = `return(async function(){"use strict";${taken.length === 0 ? "" : `const ${taken.join(",")};`}\n`
  // Strict code cannot have a parameter named `eval`, but strict code inside this function finds the function's `eval`.
  const parameters = [
    ...header.globals.filter((name) => name !== "eval"),
    "eval",
    ...header.imports.map((_, i) => `$${i}`),
  ]
  const run = vm.compileFunction(`${before}${text.slice(end + 1)}\nreturn ${header.value}})()`, parameters, {
    filename: stageFrame(digest),
    lineOffset: -1,
  })
  return { header, text, run: run as Compiled["run"] }
}

/** Runs the code from its first line and returns its value. */
export const evaluate = async ({ header, text, run }: Compiled, world: World): Promise<unknown> => {
  runs(text)
  const namespaces: Array<Namespace> = []
  for (const { specifier, names } of header.imports) {
    const namespace = isBuiltin(specifier) ? builtinFor(specifier, world.global) : await world.load(specifier)
    const missing = names.find(([name]) => name !== "*" && !(name in namespace))
    if (missing !== undefined) throw new SyntaxError(`${specifier} does not provide an export named ${missing[0]}`)
    namespaces.push(namespace)
  }
  const globals = header.globals.filter((name) => name !== "eval").map((name) => globalOf(name, world))
  return run(...globals, world.global("eval"), ...namespaces)
}

const globalOf = (name: string, world: World): unknown => {
  if (name === "pipelineImport") return (specifier: unknown) => importLate(String(specifier), world)
  if (name === "pipelineRequire") return (specifier: unknown) => requireLate(String(specifier), world)
  return world.global(name)
}

// The code already contains every module that the bundler could follow. A path that arrives here was computed while the
// code ran.
const importLate = async (specifier: string, world: World): Promise<Namespace> => {
  if (isBuiltin(specifier)) return builtinFor(specifier, world.global)
  if (isPath(specifier)) throw new WorldError("Import", specifier)
  return world.load(specifier)
}

const requireLate = (specifier: string, world: World): unknown => {
  if (isBuiltin(specifier)) return builtinFor(specifier, world.global)["default"]
  if (isPath(specifier)) throw new WorldError("Require", specifier)
  return world.require(specifier)
}

const isPath = (specifier: string): boolean => /^(\.|\/|#|[a-z]+:)/i.test(specifier)
