// Decides whether a value can change. A number never changes. A function changes only if code puts a property on it.
// Any code that gets hold of a Map, an object or a `let` can change it. If the kind cannot be determined, the value
// counts as one that can change. Knows nothing about which code changes a value.
import { words } from "./names.ts"
import { declarationOf, declaresStages, functionIn, ours, resultsOf } from "./declaration.ts"
import type { Graph, Meaning } from "./graph.ts"
import type { Module, Statement } from "./module.ts"
import { isEffectName } from "./packages.ts"
import { childrenOf, isFunction, keyOf, namesIn, type Syntax } from "./syntax.ts"
import { chainOf, usesIn, type Named } from "./uses.ts"

/**
 * The kind of value that a statement declares. `fixed`: nothing can change the value, down to its last member. `code`:
 * a function or a class; calling it, or making instances of it, changes only what its text shows. `open`: any other
 * value.
 */
export type Kind = "fixed" | "code" | "open"

export const kindOf = (statement: Statement, graph: Graph): Kind => {
  const known = kinds.get(statement)
  if (known !== undefined) return known
  kinds.set(statement, "open") // a value that depends on itself counts as open
  const found = kindIn(statement, graph)
  kinds.set(statement, found)
  return found
}
const kinds = new WeakMap<Statement, Kind>()

const kindIn = (statement: Statement, graph: Graph): Kind => {
  const { module, node } = statement
  if (module.whole) return "open"
  if (declaresStages(statement, graph)) return "fixed"
  const own = declarationOf(node)
  if (own.type !== "VariableDeclaration") return kindOfValue(own, module, graph)
  if (own.kind !== "const" || own.declarations.some(({ id }) => id.type !== "Identifier")) return "open"
  const found = own.declarations.map(({ init }) => (init === null ? "open" : kindOfValue(init, module, graph)))
  return found.every((each) => each === found[0]) ? found[0]! : "open"
}

const kindOfValue = (node: Syntax, module: Module, graph: Graph): Kind => {
  const { root } = chainOf(node)
  if (isFixed(node, module, graph)) return "fixed"
  if (root !== node && root.type === "MemberExpression") return "open"
  return isCode(root) || givesCode(root, module, graph) ? "code" : "open"
}

/** Whether a node is a function, or a class whose instances do not lead back to the class. */
const isCode = (node: Syntax): boolean => {
  if (node.type === "FunctionExpression") return node.id === null
  if (isFunction(node)) return true
  return (
    (node.type === "ClassDeclaration" || (node.type === "ClassExpression" && node.id === null)) && !leadsBack(node.body)
  )
}

// An instance leads back to its class by `new.target`, or by its member `constructor`.
const leadsBack = (node: Syntax): boolean =>
  node.type === "StaticBlock" ||
  (node.type === "MetaProperty" && node.meta.name === "new") ||
  (node.type === "MemberExpression" && keyOf(node.property, node.computed) === "constructor") ||
  childrenOf(node).some(leadsBack)

// Whether a call gives a function that only passes on its arguments: (x) => () => x.
const givesCode = (node: Syntax, module: Module, graph: Graph): boolean => {
  if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return false
  const meaning = graph.meaning(module, node.callee.name)
  if (meaning._tag !== "Statement" || !node.arguments.every((each) => isFixed(each, module, graph))) return false
  const made = functionIn(meaning.statement, meaning.name)
  if (made === undefined) return false
  const given = new Set("params" in made ? (made.params as ReadonlyArray<Syntax>).flatMap(namesIn) : [])
  return resultsOf(made).every(
    (each) =>
      isFunction(each) &&
      usesIn(each).every(
        (use) => use._tag !== "Named" || !given.has(use.name) || (use.how !== "write" && !leadsInto(use, use.path)),
      ),
  )
}

export const leadsInto = ({ deeper }: Named, path: ReadonlyArray<string>): boolean => deeper || path.length > 0

/** Whether nothing can change the value of an expression, down to its last member. */
export const isFixed = (node: Syntax, module: Module, graph: Graph): boolean => {
  const all = (...nodes: ReadonlyArray<Syntax>): boolean => nodes.every((each) => isFixed(each, module, graph))
  switch (node.type) {
    case "Literal":
      return !("regex" in node) // a regular expression stores the position of its last match
    case "TemplateLiteral":
    case "BinaryExpression":
      return true
    case "UnaryExpression":
      return node.operator !== "delete"
    case "TSAsExpression":
      // `as const`: code that writes to the literal fails the type check.
      return (
        (node.typeAnnotation.type === "TSTypeReference" &&
          textOfType(node.typeAnnotation) === "const" &&
          isFixedLiteral(node.expression, module, graph)) ||
        all(node.expression)
      )
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "ParenthesizedExpression":
      return all(node.expression)
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

/** Whether every part of an object, an array or a value is fixed. */
const isFixedLiteral = (node: Syntax, module: Module, graph: Graph): boolean => {
  const { root } = chainOf(node)
  switch (root.type) {
    case "ArrayExpression":
      return root.elements.every((each) => each !== null && isFixedLiteral(each, module, graph))
    case "ObjectExpression":
      return root.properties.every(
        (each) => each.type === "Property" && each.kind === "init" && isFixedLiteral(each.value, module, graph),
      )
    default:
      return isFixedOrCode(node, module, graph)
  }
}

const isFixedOrCode = (node: Syntax, module: Module, graph: Graph): boolean =>
  isFunction(node) || isFixed(node, module, graph)

/** Whether a node is an object or array literal with fixed members. The members themselves may still be replaced. */
const isOfFixed = (node: Syntax | undefined, module: Module, graph: Graph): boolean => {
  if (node?.type === "ArrayExpression")
    return node.elements.every((each) => each !== null && isFixedOrCode(each, module, graph))
  return (
    node?.type === "ObjectExpression" &&
    node.properties.every(
      (each) => each.type === "Property" && each.kind === "init" && isFixedOrCode(each.value, module, graph),
    )
  )
}

const isFixedName = (name: string, module: Module, graph: Graph): boolean => {
  if (["undefined", "NaN", "Infinity"].includes(name)) return true
  const meaning = graph.meaning(module, name)
  return meaning._tag === "Statement" ? kindOf(meaning.statement, graph) === "fixed" : isEffect(meaning)
}

/**
 * Whether a call gives a value that cannot change: a call of Effect, of Object.freeze, or of a function that returns
 * such a value.
 */
const givesFixed = (node: Extract<Syntax, { type: "CallExpression" }>, module: Module, graph: Graph): boolean => {
  const { root, path } = chainOf(node.callee)
  // Effect.fn("name")(…), Schema.Struct({ … }).check(…)
  if (root.type === "CallExpression") return givesFixed(root, module, graph)
  if (root.type !== "Identifier") return false
  const meaning = graph.meaning(module, root.name)
  const areFixed = node.arguments.every((each) => isFixedOrCode(each, module, graph))
  const areOfFixed = node.arguments.every(
    (each) => isFixedOrCode(each, module, graph) || isOfFixed(each, module, graph),
  )
  if (meaning._tag === "Outside") {
    const [part = "", ...rest] = effectPath(meaning, path)
    if (part === "Schema") return true
    return !/^run|Unsafe/.test(rest.at(-1) ?? "") && (work.has(part) ? areOfFixed : values.has(part) && areFixed)
  }
  if (meaning._tag === "Global") return root.name === "Object" && path.join() === "freeze" && areOfFixed
  if (meaning._tag !== "Statement") return false
  // A method of a value that cannot change, such as Params.check(…).
  if (path.length > 0) return kindOf(meaning.statement, graph) === "fixed"
  const made = functionIn(meaning.statement, meaning.name)
  if (made === undefined) return false
  // The engine's own functions (stage.ts) keep no reference to their arguments.
  if (meaning.statement.module.file !== ours && !node.arguments.every((each) => isFixed(each, module, graph)))
    return false
  return resultsOf(made).every((each) => isFixed(each, meaning.statement.module, graph))
}

// Modules of Effect whose values describe work, and give no access to the values that they are made from.
const work = new Set(words("Effect Layer Schedule Config Match Stream"))

// Modules of Effect whose values give access to the values that they hold.
const values = new Set(
  words(`
  Option Result Duration Context Order Equivalence Predicate Brand Exit Cause Data String Number Boolean BigInt
`),
)

/** The path to a member of Effect, from the name of the Effect module on; empty for any other package. */
const effectPath = (
  meaning: Extract<Meaning, { _tag: "Outside" }>,
  path: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  isEffect(meaning) ? [...meaning.place.specifier.split("/").slice(1), ...meaning.path, ...path] : []

const isEffect = (meaning: Meaning): boolean =>
  meaning._tag === "Outside" && meaning.place._tag !== "Builtin" && isEffectName(meaning.place.specifier)

const textOfType = (type: Extract<Syntax, { type: "TSTypeReference" }>): string =>
  type.typeName.type === "Identifier" ? type.typeName.name : ""
