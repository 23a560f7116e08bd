// Can what a statement declares change after it was made? Functions, literals, schemas and what is frozen cannot; a
// Map, an object, a `let` can. Where it cannot be told, it can. Refuses to know who needs the statement.
import { fileURLToPath } from "node:url"
import type { Graph, Meaning } from "./graph.ts"
import type { Module, Statement } from "./module.ts"
import { isEffectName } from "./packages.ts"
import { namesIn, type Syntax } from "./syntax.ts"
import { chainOf, usesIn } from "./uses.ts"

/** Whether a statement does nothing but declare functions and literals: to run it changes nothing. */
export const isQuiet = ({ node }: Statement): boolean => {
  const own = declarationOf(node)
  if (own.type === "VariableDeclaration")
    return own.declarations.every(({ id, init }) => id.type === "Identifier" && (init === null || isSilent(init)))
  return (
    own.type === "FunctionDeclaration" || own.type === "EmptyStatement" || own.type.startsWith("TS") || isSilent(own)
  )
}

/** What an export declares; any other node is its own. */
const declarationOf = (node: Syntax): Syntax =>
  (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration") && node.declaration !== null
    ? node.declaration
    : node

const isSilent = ({ type }: Syntax): boolean =>
  ["Literal", "Identifier", "ArrowFunctionExpression", "FunctionExpression"].includes(type)

/** Whether what a statement declares can change once it was run. */
export const canChange = (statement: Statement, graph: Graph): boolean => {
  const known = changing.get(statement)
  if (known !== undefined) return known
  changing.set(statement, true) // what depends on itself may
  const found = changes(statement, graph)
  changing.set(statement, found)
  return found
}
const changing = new WeakMap<Statement, boolean>()

const changes = ({ module, node }: Statement, graph: Graph): boolean => {
  if (module.whole) return module.commonjs
  const own = declarationOf(node)
  switch (own.type) {
    case "FunctionDeclaration":
      return false
    case "ClassDeclaration":
      return own.body.body.some(
        (each) =>
          each.type === "StaticBlock" ||
          ("static" in each &&
            each.static &&
            each.type !== "MethodDefinition" &&
            "value" in each &&
            each.value !== null &&
            !isFixed(each.value as Syntax, module, graph)),
      )
    case "VariableDeclaration":
      return (
        own.kind !== "const" ||
        own.declarations.some(
          ({ id, init }) => id.type !== "Identifier" || init === null || !isFixed(init, module, graph),
        )
      )
    default:
      return !isFixed(own, module, graph)
  }
}

/** Whether the value of an expression cannot change. */
const isFixed = (node: Syntax, module: Module, graph: Graph): boolean => {
  const all = (...nodes: ReadonlyArray<Syntax>): boolean => nodes.every((each) => isFixed(each, module, graph))
  switch (node.type) {
    case "Literal":
      return !("regex" in node) // a pattern remembers where it was
    case "TemplateLiteral":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return true
    case "TSAsExpression":
      // `as const`: who writes to it does not pass the check of types.
      return (
        (node.typeAnnotation.type === "TSTypeReference" && textOfType(node.typeAnnotation) === "const") ||
        all(node.expression)
      )
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "ParenthesizedExpression":
      return all(node.expression)
    case "UnaryExpression":
      return node.operator !== "delete"
    case "BinaryExpression":
      return true
    case "LogicalExpression":
      return all(node.left, node.right)
    case "ConditionalExpression":
      return all(node.consequent, node.alternate)
    case "Identifier":
      return isFixedName(node.name, module, graph)
    case "MemberExpression": {
      const { root } = chainOf(node)
      return root.type === "Identifier"
        ? isFixedName(root.name, module, graph)
        : root.type === "CallExpression" && all(root)
    }
    case "CallExpression":
      return givesFixed(node, module, graph)
    default:
      return false
  }
}

const isFixedName = (name: string, module: Module, graph: Graph): boolean => {
  if (["undefined", "NaN", "Infinity"].includes(name)) return true
  const meaning = graph.meaning(module, name)
  return meaning._tag === "Statement" ? !canChange(meaning.statement, graph) : isEffect(meaning)
}

/** Whether a call gives what cannot change: of Effect, of Object.freeze, or of a function that gives such. */
const givesFixed = (node: Extract<Syntax, { type: "CallExpression" }>, module: Module, graph: Graph): boolean => {
  const { root, path } = chainOf(node.callee)
  // Effect.fn("name")(…), Schema.Struct({ … }).check(…)
  if (root.type === "CallExpression") return givesFixed(root, module, graph)
  if (root.type !== "Identifier") return false
  const meaning = graph.meaning(module, root.name)
  if (meaning._tag === "Outside")
    return isEffect(meaning) && !(path.at(-1) ?? meaning.path.at(-1) ?? "").startsWith("run")
  if (meaning._tag === "Global") return root.name === "Object" && path.join() === "freeze"
  if (meaning._tag !== "Statement") return false
  // A method of what cannot change, such as Params.check(…).
  if (path.length > 0) return !canChange(meaning.statement, graph)
  const made = functionIn(meaning.statement, root.name)
  if (made === undefined || countsInside(made)) return false
  // Our own words keep nothing of what they are given.
  if (meaning.statement.module.file !== ours && !node.arguments.every((each) => isFixed(each, module, graph)))
    return false
  return resultsOf(made).every((each) => isFixed(each, meaning.statement.module, graph))
}

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

const ours = fileURLToPath(new URL("../stage.ts", import.meta.url))

/** Whether a name is `stage` of our own words, by which stages are declared. */
export const isWordStage = (meaning: Meaning): boolean =>
  meaning._tag === "Statement" && meaning.statement.module.file === ours && meaning.statement.declares.includes("stage")

// What a function gives may change what the function was given: (n) => () => ++n.
const countsInside = (made: Syntax): boolean => {
  const given = new Set("params" in made ? (made.params as ReadonlyArray<Syntax>).flatMap(namesIn) : [])
  const body = "body" in made ? (made.body as Syntax | null) : null
  return body !== null && usesIn(body).some((use) => use._tag === "Named" && use.how === "write" && given.has(use.name))
}

const isEffect = (meaning: Meaning): boolean =>
  meaning._tag === "Outside" && meaning.place._tag !== "Builtin" && isEffectName(meaning.place.specifier)

const functionIn = ({ node }: Statement, name: string): Syntax | undefined => {
  const own = declarationOf(node)
  if (own.type === "FunctionDeclaration") return own
  const init =
    own.type === "VariableDeclaration"
      ? own.declarations.find(({ id }) => id.type === "Identifier" && id.name === name)?.init
      : undefined
  return init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression" ? init : undefined
}

// What it returns at its end; a function that returns in several places is not looked into.
const resultsOf = (made: Syntax): ReadonlyArray<Syntax> => {
  const body = "body" in made ? (made.body as Syntax | null) : null
  if (body === null) return [made]
  if (body.type !== "BlockStatement") return [body.type === "ParenthesizedExpression" ? body.expression : body]
  const last = body.body.at(-1)
  const single = body.body.length === 1 && last?.type === "ReturnStatement" && last.argument !== null
  // An object is one that can change.
  return single ? [last.argument!] : [body]
}

const textOfType = (type: Extract<Syntax, { type: "TSTypeReference" }>): string =>
  type.typeName.type === "Identifier" ? type.typeName.name : ""
