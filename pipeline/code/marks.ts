// Where does a module only build something, and where does a stage reach its body? The marks that tell the bundler,
// by what names are bound to: a function of the project that has the name of one of ours is not ours. Refuses to
// know how a bundle is made.
import { meaningOf, noScope, scopeIn, type Scope } from "./scope.ts"
import { keyOf, parse, type Syntax } from "./syntax.ts"

/** A text to be put into a module at an offset. */
export interface Mark {
  readonly at: number
  readonly text: string
}

/** What is behind the specifier of a stage's body once it is marked. */
export const bodyMark = "?body"

const pure = "/* @__PURE__ */ "

// Calls that only build something: those of other exports may go. What runs an effect is not among them.
const lazyEffects = ["fn", "fnUntraced", "gen", "succeed", "fail", "sync", "suspend"].map((name) => `effect.Effect.${name}`)
const builders = new Set(["stage.stage", "stage.many", "spec.setting", "spec.spec", ...lazyEffects, "effect.Context.Service", "effect.Context.Reference", "effect.Data.TaggedError"])
// What these give is called again, and still only builds.
const curried = new Set(["effect.Effect.fn", "effect.Context.Service", ...["Class", "TaggedClass", "TaggedError", "ErrorClass"].map((name) => `effect.Schema.${name}`)])
// Of what a schema can do, what calls nothing that it is given.
const lazyMethods = new Set(["check", "annotate", "annotateKey"])

/** The marks of a module. `resolved` says which of the modules "stage" and "spec" a specifier leads to, if any. */
export const marksIn = async (text: string, file: string, resolved: (specifier: string) => Promise<string | undefined>): Promise<ReadonlyArray<Mark>> => {
  const { program, comments } = parse(text, file)
  const scope = scopeIn(program, noScope)
  const modules = new Map<string, string>()
  for (const each of program.body) {
    if (each.type !== "ImportDeclaration") continue
    const module = await resolved(each.source.value)
    if (module !== undefined) modules.set(each.source.value, module)
  }
  // What the code itself says of its calls may be wrong: its marks are broken.
  const broken = comments.flatMap(({ text: comment, start }) => [...comment.matchAll(/__(PURE|NO_SIDE_EFFECTS)__/g)].map(({ index }) => ({ at: start + "//".length + index + 1, text: " " })))
  return [...broken, ...marksOf(program, (node) => pathOf(node, scope, modules))]
}

/** The way to a thing of ours or of Effect: "stage.many", "effect.Schema.Struct". */
type PathOf = (node: Syntax) => string | undefined

const pathOf = (node: Syntax, scope: Scope, modules: ReadonlyMap<string, string>): string | undefined => {
  if (node.type === "MemberExpression") {
    const [object, key] = [pathOf(node.object, scope, modules), keyOf(node.property, node.computed)]
    return object === undefined || key === undefined ? undefined : `${object}.${key}`
  }
  const meaning = node.type === "Identifier" ? meaningOf(node.name, scope) : undefined
  if (meaning?._tag !== "Imported") return undefined
  const [module, ...rest] = meaning.path
  const known = module === "effect" ? module : modules.get(module!)
  return known === undefined ? undefined : [known, ...rest].join(".")
}

const marksOf = (node: Syntax, path: PathOf): ReadonlyArray<Mark> => {
  const below = partsOf(node).flatMap((part) => marksOf(part, path))
  // To read from a package runs nothing, but to the bundler it is a read like any other.
  if (node.type === "MemberExpression" && path(node) !== undefined) return [{ at: node.start, text: `${pure}(() => ` }, { at: node.end, text: ")()" }]
  if (node.type !== "CallExpression") return below
  const body = path(node.callee) === "stage.stage" ? bodyOf(node.arguments[2]) : undefined
  return [
    ...(builds(node, path) ? [{ at: node.start, text: pure }] : []),
    ...below,
    ...(body === undefined ? [] : [{ at: body.end - 1, text: bodyMark }]), // inside of its quotes
  ]
}

/** The parts in which what a module declares at its top is built, where nothing else happens. */
const partsOf = (node: Syntax): ReadonlyArray<Syntax> => {
  switch (node.type) {
    case "Program":
      return node.body
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      return node.declaration === null ? [] : [node.declaration]
    case "VariableDeclaration":
      return node.declarations
    case "VariableDeclarator":
      return node.init === null ? [] : [node.init]
    case "ClassDeclaration":
      return node.superClass === null ? [] : [node.superClass]
    case "ObjectExpression":
      return node.properties
    case "Property":
      return [node.value]
    case "ArrayExpression":
      return node.elements.filter((each) => each !== null)
    case "SpreadElement":
      return [node.argument]
    case "TSAsExpression":
    case "TSSatisfiesExpression":
      return [node.expression]
    case "CallExpression":
      return givenIn(node)
    default:
      return []
  }
}

/** What a chain of calls, `f(a)(b)` or `f(a).method(b)`, is given. A mark in front of it is one of the whole chain. */
const givenIn = (node: Syntax): ReadonlyArray<Syntax> => {
  if (node.type === "MemberExpression") return givenIn(node.object)
  return node.type === "CallExpression" ? [...givenIn(node.callee), ...node.arguments] : []
}

/** Whether a call only builds something, its arguments aside. */
const builds = ({ callee }: Extract<Syntax, { type: "CallExpression" }>, path: PathOf): boolean => {
  const name = path(callee)
  if (name !== undefined) return builders.has(name) || /^effect\.Schema\.\w+$/.test(name) || (/^effect\.Schema\.\w+\.\w+$/.test(name) && lazyMethods.has(name.split(".").at(-1)!))
  // Of a chain the bundler looks at the last arguments only.
  if (callee.type === "CallExpression") return curried.has(path(callee.callee) ?? "") && callee.arguments.every((each) => isPlain(each, path))
  return callee.type === "MemberExpression" && lazyMethods.has(keyOf(callee.property, callee.computed) ?? "") && callee.object.type === "CallExpression" && isPlain(callee.object, path)
}

/** Whether to evaluate an expression does nothing. */
const isPlain = (node: Syntax, path: PathOf): boolean => {
  switch (node.type) {
    case "Literal":
    case "Identifier":
    case "ArrowFunctionExpression":
    case "FunctionExpression":
      return true
    case "MemberExpression":
      return path(node) !== undefined
    case "ArrayExpression":
    case "ObjectExpression":
      return partsOf(node).every((each) => isPlain(each, path))
    case "Property":
      return !node.computed && isPlain(node.value, path)
    case "CallExpression":
      return builds(node, path) && node.arguments.every((each) => isPlain(each, path))
    default:
      return false
  }
}

/** The specifier of `run: () => import("./fit.run.ts")`, of which only `run` is called. */
const bodyOf = (declaration: Syntax | undefined): Syntax | undefined => {
  if (declaration?.type !== "ObjectExpression") return undefined
  const run = declaration.properties.findLast((each) => each.type === "Property" && keyOf(each.key, each.computed) === "run")
  if (run?.type !== "Property" || run.value.type !== "ArrowFunctionExpression") return undefined
  const { body } = run.value
  return body.type === "ImportExpression" && body.source.type === "Literal" ? body.source : undefined
}
