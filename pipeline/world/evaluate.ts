// From the stored text of some code to its value, in a world handed in. The text is compiled once, and run anew for
// every node: so the state of its modules begins anew. Refuses to know jobs, stores and stages.
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

/** What code meets outside of itself. */
export interface World {
  readonly global: (name: string) => unknown
  /** Loads what a specifier of a package leads to. */
  readonly load: (specifier: string) => Promise<Namespace>
  readonly require: (specifier: string) => unknown
}

/** Compiles the text of a digest. To run it is cheap, and this is not: whoever runs it for many nodes keeps it. */
export const compile = (digest: string, text: string): Compiled => {
  const end = text.indexOf("\n")
  const header = JSON.parse(text.slice(0, end)) as Header
  const taken = header.imports.flatMap(({ names }, i) =>
    names.map(([name, local]) => `${local}=$${i}${name === "*" ? "" : `[${JSON.stringify(name)}]`}`),
  )
  const before = `return(async function(){"use strict";${taken.length === 0 ? "" : `const ${taken.join(",")};`}\n`
  // `eval` cannot be the name of a parameter of strict code, and is found by it all the same.
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

/** Runs the code from its first line, and gives its value. */
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

// What the bundler followed is in the code already: a path that comes here was made while the code ran.
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
