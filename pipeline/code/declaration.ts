// Finds what a statement of a module declares and why it is there: functions, classes and stages by name, and guards
// that throw. Uses only the syntax. Knows nothing about which values can change.
import { fileURLToPath } from "node:url"
import type { Graph, Meaning } from "./graph.ts"
import type { Module, Statement } from "./module.ts"
import { childrenOf, type Syntax } from "./syntax.ts"

/** The declaration inside an export; any other node is returned as it is. */
export const declarationOf = (node: Syntax): Syntax =>
  (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") && node.declaration !== null
    ? node.declaration
    : node

/** The initial value of a variable in a declaration; undefined if there is none. */
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

// The expression that a function returns, if the function does nothing else. A longer function is not analysed: its
// result is its whole body.
export const resultsOf = (made: Syntax): ReadonlyArray<Syntax> => {
  const body = "body" in made ? (made.body as Syntax | null) : null
  if (body === null) return [made]
  if (body.type !== "BlockStatement") return [body.type === "ParenthesizedExpression" ? body.expression : body]
  const last = body.body.at(-1)
  const single = body.body.length === 1 && last?.type === "ReturnStatement" && last.argument !== null
  // Callers treat a returned object, like a whole body, as a value that can change.
  return single ? [last.argument!] : [body]
}

/** Whether a statement declares names. A statement that declares no names is there for its effect. */
export const declares = ({ node }: Statement): boolean =>
  declarationOf(node).type.endsWith("Declaration") || node.type.startsWith("Export")

/** Whether a statement contains a `throw` or calls node:assert. */
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

/** Whether a statement declares only stages. The body of a stage does not run while modules are loaded. */
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
  if (statement.module.file === ours) return isStageFunction(meaning)
  // A function of the project that makes stages.
  const made = functionIn(statement, name)
  return made !== undefined && resultsOf(made).every((each) => each !== node && isStage(each, statement.module, graph))
}

export const ours = fileURLToPath(new URL("../stage.ts", import.meta.url))

/** Whether a name means the engine's own `stage` (stage.ts), which declares stages. */
export const isStageFunction = (meaning: Meaning): boolean =>
  meaning._tag === "Statement" && meaning.statement.module.file === ours && meaning.statement.declares.includes("stage")
