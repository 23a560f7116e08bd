// What does a statement of a module declare, and what is it there for? Functions, classes and stages by name; guards
// that throw. From the syntax alone. Refuses to know what may change.
import { fileURLToPath } from "node:url"
import type { Graph, Meaning } from "./graph.ts"
import type { Module, Statement } from "./module.ts"
import { childrenOf, type Syntax } from "./syntax.ts"

/** What an export declares; any other node is its own. */
export const declarationOf = (node: Syntax): Syntax =>
  (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") && node.declaration !== null
    ? node.declaration
    : node

/** What a variable of a declaration begins with. */
export const beginningOf = (own: Syntax, name: string): Syntax | undefined =>
  own.type === "VariableDeclaration"
    ? (own.declarations.find(({ id }) => id.type === "Identifier" && id.name === name)?.init ?? undefined)
    : undefined

export const functionIn = ({ node }: Statement, name: string): Syntax | undefined => {
  const own = declarationOf(node)
  if (own.type === "FunctionDeclaration") return own
  const init = beginningOf(own, name)
  return init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression" ? init : undefined
}

// What it returns at its end; a function that returns in several places is not looked into.
export const resultsOf = (made: Syntax): ReadonlyArray<Syntax> => {
  const body = "body" in made ? (made.body as Syntax | null) : null
  if (body === null) return [made]
  if (body.type !== "BlockStatement") return [body.type === "ParenthesizedExpression" ? body.expression : body]
  const last = body.body.at(-1)
  const single = body.body.length === 1 && last?.type === "ReturnStatement" && last.argument !== null
  // An object is one that can change.
  return single ? [last.argument!] : [body]
}

/** Whether a statement declares names; any other is there for what it does. */
export const declares = ({ node }: Statement): boolean =>
  declarationOf(node).type.endsWith("Declaration") || node.type.startsWith("Export")

/** Whether a statement throws in so many words, or asserts. */
export const throws = ({ module, node, uses }: Statement, graph: Graph): boolean =>
  holdsThrow(node) ||
  uses.some((use) => {
    const meaning = use._tag === "Named" && use.how === "call" ? graph.meaning(module, use.name) : undefined
    return (
      meaning?._tag === "Outside" &&
      /^node:assert\b/.test(String(meaning.place._tag === "Builtin" && meaning.place.specifier))
    )
  })

const holdsThrow = (node: Syntax): boolean => node.type === "ThrowStatement" || childrenOf(node).some(holdsThrow)

/** Whether a statement declares stages and nothing else: nobody runs the body of a stage while modules are loaded. */
export const declaresStages = ({ module, node }: Statement, graph: Graph): boolean => {
  const own = declarationOf(node)
  return (
    own.type === "VariableDeclaration" &&
    own.kind === "const" &&
    own.declarations.every(({ init }) => init !== null && isStage(init, module, graph))
  )
}

const isStage = (node: Syntax, module: Module, graph: Graph): boolean => {
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return false
  const { name } = node.callee
  const meaning = graph.meaning(module, name)
  if (meaning._tag !== "Statement") return false
  const { statement } = meaning
  if (statement.module.file === ours) return isWordStage(meaning)
  // A local factory of stages.
  const made = functionIn(statement, name)
  return made !== undefined && resultsOf(made).every((each) => each !== node && isStage(each, statement.module, graph))
}

export const ours = fileURLToPath(new URL("../stage.ts", import.meta.url))

/** Whether a name is `stage` of our own words, by which stages are declared. */
export const isWordStage = (meaning: Meaning): boolean =>
  meaning._tag === "Statement" && meaning.statement.module.file === ours && meaning.statement.declares.includes("stage")
