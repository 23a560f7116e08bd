// What does a text of code take from outside itself? Every use of a global name or of an import, every computed
// import(), and every assignment to a variable of the module. Refuses to know which of them are bad.
import { isBuiltin } from "node:module"
import { meaningOf, moduleOf, noScope, scopeIn, type Scope } from "./scope.ts"
import { childrenOf, keyOf, namesIn, parse, textOf, type Syntax } from "./syntax.ts"

export type Use =
  /** `Date.now()` has the path ["Date", "now"], is called, and has no arguments. */
  | { readonly _tag: "Named"; readonly path: ReadonlyArray<string>; readonly how: "read" | "call" | "new"; readonly texts: ReadonlyArray<string | undefined>; readonly start: number }
  | { readonly _tag: "ComputedImport"; readonly start: number }
  | { readonly _tag: "Assigned"; readonly start: number }

/** Everything that a module in JavaScript uses of what is outside it, in the order of the text. */
export const usesIn = (code: string): ReadonlyArray<Use> => {
  const uses: Array<Use> = []
  visit(parse(code, "module.js").program, noScope, (use) => { uses.push(use) })
  return uses
}

type Tell = (use: Use) => void

const visit = (node: Syntax, outer: Scope, tell: Tell): void => {
  const scope = scopeIn(node, outer)
  const path = pathOf(node, scope)
  if (path !== undefined) {
    tell({ _tag: "Named", path, how: "read", texts: [], start: startOf(node) })
    return
  }
  for (const part of visitSelf(node, scope, tell)) visit(part, scope, tell)
}

/** Tells what a node itself uses; gives the parts of it that are still to be visited. */
const visitSelf = (node: Syntax, scope: Scope, tell: Tell): ReadonlyArray<Syntax> => {
  switch (node.type) {
    case "CallExpression":
    case "NewExpression": {
      const rest = declaresStage(node) ? node.arguments.slice(1) : node.arguments
      const path = pathOf(node.callee, scope)
      if (path === undefined) return [node.callee, ...rest]
      tell({ _tag: "Named", path, how: node.type === "NewExpression" ? "new" : "call", texts: node.arguments.map(textOf), start: startOf(node) })
      return rest
    }
    case "VariableDeclarator": {
      const taken = node.id.type === "ObjectPattern" && node.init !== null ? takenFrom(node.id, pathOf(node.init, scope)) : undefined
      if (taken === undefined) return childrenOf(node)
      for (const each of taken) tell({ _tag: "Named", how: "read", texts: [], ...each })
      return [node.id]
    }
    case "ImportExpression":
      if (textOf(node.source) === undefined) tell({ _tag: "ComputedImport", start: node.start })
      return childrenOf(node)
    case "AssignmentExpression":
      // What is set once and then found is the same for every node.
      if (node.operator !== "??=" && assigns(node.left, scope)) tell({ _tag: "Assigned", start: node.start })
      return childrenOf(node)
    case "UpdateExpression":
      if (assigns(node.argument, scope)) tell({ _tag: "Assigned", start: node.argument.start })
      return childrenOf(node)
    default:
      return expressionsOf(node)
  }
}

/** The way from a global name or a module to what an expression names. */
const pathOf = (node: Syntax, scope: Scope): ReadonlyArray<string> | undefined => {
  switch (node.type) {
    case "Identifier": {
      if (node.name === leftRequire) return ["require"]
      const meaning = meaningOf(node.name, scope)
      return meaning._tag === "Global" ? [node.name] : meaning._tag === "Imported" ? meaning.path : undefined
    }
    case "MetaProperty":
      return [`${node.meta.name}.${node.property.name}`]
    case "MemberExpression": {
      const base = pathOf(node.object, scope)
      const key = keyOf(node.property, node.computed)
      if (base === undefined || key === undefined) return undefined
      return base.length === 1 && ["globalThis", "global"].includes(base[0]!) ? [key] : [...base, ...(key === "default" ? [] : [key])]
    }
    case "ChainExpression":
    case "ParenthesizedExpression":
      return pathOf(node.expression, scope)
    case "SequenceExpression":
      return pathOf(node.expressions.at(-1)!, scope)
    case "AwaitExpression":
      return pathOf(node.argument, scope)
    case "ImportExpression":
      return builtinPath(node.source)
    case "CallExpression":
      return node.arguments.length === 1 && pathOf(node.callee, scope)?.join() === "require" ? builtinPath(node.arguments[0]!) : undefined
    default:
      return undefined
  }
}

// The bundler replaces a require that it does not follow by a function of its own, which stands nowhere in the files.
const leftRequire = "__require"

/** Where a node begins, as far as that is a place in the files. */
const startOf = (node: Syntax): number => {
  if (node.type === "MemberExpression") return startOf(node.object)
  if (node.type !== "CallExpression") return node.start
  return node.callee.type === "Identifier" && node.callee.name === leftRequire ? (node.arguments[0] ?? node).start : startOf(node.callee)
}

const builtinPath = (source: Syntax): ReadonlyArray<string> | undefined => {
  const specifier = textOf(source)
  return specifier !== undefined && isBuiltin(specifier) ? moduleOf(specifier) : undefined
}

/** What a pattern takes out of a thing, part by part; the thing itself where a part has no written name. */
const takenFrom = (pattern: Extract<Syntax, { type: "ObjectPattern" }>, path: ReadonlyArray<string> | undefined) =>
  path === undefined
    ? undefined
    : pattern.properties.map((part) => {
        const key = part.type === "Property" ? keyOf(part.key, part.computed) : undefined
        return { path: key === undefined ? path : [...path, key], start: part.start }
      })

// The one use of import.meta that says nothing but who a stage is. Two modules may each have a `stage`: the
// bundler numbers them.
const declaresStage = ({ callee, arguments: given }: Extract<Syntax, { type: "CallExpression" | "NewExpression" }>): boolean =>
  callee.type === "Identifier" && /^stage(\$\d+)?$/.test(callee.name) && given[0]?.type === "MetaProperty"

const assigns = (target: Syntax, scope: Scope): boolean => scope.inFunction && namesIn(target).some((name) => meaningOf(name, scope)._tag === "Variable")

/** The parts of a node in which a name is something used: names of members, labels and imports are not. */
const expressionsOf = (node: Syntax): ReadonlyArray<Syntax> => {
  switch (node.type) {
    case "MemberExpression":
      return node.computed ? [node.object, node.property] : [node.object]
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return [...(node.computed ? [node.key] : []), ...(node.value === null ? [] : [node.value])]
    case "LabeledStatement":
      return [node.body]
    case "ExportNamedDeclaration":
      return node.declaration === null ? [] : [node.declaration]
    case "BreakStatement":
    case "ContinueStatement":
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      return []
    default:
      return childrenOf(node)
  }
}
