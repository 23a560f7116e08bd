// Writes the text that remains of each module when only the reached statements stay. The texts are for the bundler.
// Every import in them names its target by a token, so nothing has to be resolved again. Knows nothing about how the
// texts are joined.
import { RolldownMagicString } from "rolldown"
import type { Graph, Place } from "./graph.ts"
import { isJson, type Module, type Statement } from "./module.ts"
import type { Needs } from "./needs.ts"
import { isBody, type Reached } from "./reach.ts"
import type { Syntax } from "./syntax.ts"
import type { Loading } from "./uses.ts"

/** The names that the bundle uses for import(), require() and import.meta. The world gives these names their values. */
export const handed = { import: "pipelineImport", require: "pipelineRequire", meta: "pipelineMeta" } as const

/** How a module is requested: as a whole, as the body of a stage, or by require(). */
type Way = "module" | "body" | "require"

export interface Emitted {
  readonly code: string
  readonly map: string
}

export class Emitter {
  readonly #reached: Reached
  readonly #graph: Graph
  readonly #needs: Needs
  readonly #external: (specifier: string, from: Module) => string
  readonly #tokens = new Map<string, { readonly module: Module; readonly way: Way }>()

  /** `external` gives the specifier under which the code will ask for a package. */
  constructor(reached: Reached, needs: Needs, external: (specifier: string, from: Module) => string) {
    this.#reached = reached
    this.#graph = reached.graph
    this.#needs = needs
    this.#external = external
  }

  /** The text of the entry module, which takes one export from a module. */
  entry(module: Module, name: string): string {
    // The bodies of stages run anyway. They are loaded at the start, because then their functions are as fast as those
    // of any other module.
    const bodies = [...this.#needs.bodies].map((body) => `import ${JSON.stringify(this.#token(body, "body"))};`)
    return `export { ${name} as value } from ${JSON.stringify(this.#token(module, "module"))}; ${bodies.join(" ")}`
  }

  /** Whether a text is a token for a module. */
  knows(token: string): boolean {
    return this.#tokens.has(token)
  }

  /** The text for a token; undefined if the text is not a token. */
  load(token: string): Emitted | undefined {
    const found = this.#tokens.get(token)
    if (found === undefined) return undefined
    const { module, way } = found
    if (way === "body") return { code: `export { run } from ${JSON.stringify(this.#token(module, "module"))}`, map: "" }
    if (isJson(module)) return { code: jsonModule(module.text, way, this.#needs.members(module)), map: "" }
    return module.commonjs ? this.#commonjs(module) : this.#esModule(module)
  }

  #token(module: Module, way: Way): string {
    // The extension tells the bundler to treat modules as Node does.
    const token = `${way}:${[...this.#reached.modules].indexOf(module)}.mts`
    this.#tokens.set(token, { module, way })
    return token
  }

  #commonjs(module: Module): Emitted {
    const text = new RolldownMagicString(module.text)
    for (const statement of module.statements) this.#rewrite(text, statement)
    return emitted(text, module)
  }

  #esModule(module: Module): Emitted {
    const text = new RolldownMagicString(module.text)
    const kept = new Map(module.statements.map((each) => [each.node, each]))
    for (const node of module.body) {
      const statement = kept.get(node)
      if (statement === undefined || !this.#reached.statements.has(statement)) put(text, node, this.#link(module, node))
      else this.#rewrite(text, statement)
    }
    return emitted(text, module)
  }

  /** The text that remains of an import or a re-export; empty for any other statement. */
  #link(module: Module, node: Syntax): string {
    const used = this.#needs.imported(module)
    const requested = this.#needs.requested(module)
    switch (node.type) {
      case "ImportDeclaration": {
        if (node.importKind === "type") return ""
        const names = [...module.imported].filter(
          ([local, { specifier }]) =>
            specifier === node.source.value &&
            used.has(local) &&
            node.specifiers.some((each) => each.local.name === local),
        )
        return this.#importing(
          module,
          node.source.value,
          names.map(([local, { name }]) => [local, name]),
          node.specifiers.length === 0,
        )
      }
      case "ExportAllDeclaration": {
        if (node.exportKind === "type") return ""
        if (node.exported !== null) {
          const name = node.exported.type === "Literal" ? String(node.exported.value) : node.exported.name
          return requested.has(name)
            ? `export * as ${JSON.stringify(name)} from ${this.#target(module, node.source.value)};`
            : this.#importing(module, node.source.value, [], false)
        }
        const place = this.#graph.place(module, node.source.value)
        const names = [...requested].filter(
          (name) =>
            !module.exported.has(name) &&
            (place._tag !== "Project" || this.#graph.names(this.#graph.module(place.id)).has(name)),
        )
        if (names.length === 0) return this.#importing(module, node.source.value, [], false)
        const list = names.map((name) => JSON.stringify(name)).join(", ")
        return `export { ${list} } from ${this.#target(module, node.source.value)};`
      }
      case "ExportNamedDeclaration": {
        if (node.exportKind === "type" || node.declaration !== null) return ""
        const names = [...module.exported].filter(
          ([name, own]) =>
            requested.has(name) &&
            (typeof own === "string") === (node.source === null) &&
            node.specifiers.some((each) => exportedAs(each) === name),
        )
        const list = names.map(
          ([name, own]) => `${typeof own === "string" ? own : JSON.stringify(own.name)} as ${JSON.stringify(name)}`,
        )
        if (list.length === 0) return node.source === null ? "" : this.#importing(module, node.source.value, [], false)
        const from = node.source === null ? "" : ` from ${this.#target(module, node.source.value)}`
        return `export { ${list.join(", ")} }${from};`
      }
      default:
        return ""
    }
  }

  #importing(
    module: Module,
    specifier: string,
    names: ReadonlyArray<readonly [local: string, name: string]>,
    bare: boolean,
  ): string {
    const place = this.#graph.place(module, specifier)
    const target = this.#target(module, specifier)
    const needed = place._tag === "Project" ? this.#needs.modules.has(this.#graph.module(place.id)) : bare
    if (names.length === 0) return needed ? `import ${target};` : ""
    return names
      .map(([local, name]) =>
        name === "*"
          ? `import * as ${local} from ${target};`
          : `import { ${JSON.stringify(name)} as ${local} } from ${target};`,
      )
      .join(" ")
  }

  #target(module: Module, specifier: string): string {
    return JSON.stringify(this.#leadsTo(module, this.#graph.place(module, specifier), "module"))
  }

  #leadsTo(module: Module, place: Place, way: Way): string {
    if (place._tag === "Project") return this.#token(this.#graph.module(place.id), way)
    return place._tag === "Builtin" ? place.specifier : this.#external(place.specifier, module)
  }

  /** Replaces import(), require() and import.meta by the names that the world supplies. */
  #rewrite(text: RolldownMagicString, { module, node, uses }: Statement): void {
    for (const use of uses) {
      if (use._tag === "Meta") put(text, use.node, handed.meta)
      if (use._tag === "Loading") this.#rewriteLoading(text, module, use)
      if (use._tag === "Named" && use.name === "require" && module.commonjs)
        text.overwrite(use.start, use.start + "require".length, handed.require)
    }
    // Node gives an unnamed default export the name `default`. The bundler would use the name of the file.
    if (node.type === "ExportDefaultDeclaration" && isNameless(node.declaration)) {
      text.appendLeft(node.declaration.start, `{ "default": `)
      text.appendRight(node.declaration.end, ` }["default"]`)
    }
  }

  #rewriteLoading(text: RolldownMagicString, module: Module, use: Loading): void {
    const place = use.specifier === undefined ? undefined : this.#graph.place(module, use.specifier, use.by)
    if (place?._tag !== "Project") {
      // Only the word is replaced, because the argument may be computed.
      const word = use.node.start + use.by.length
      text.overwrite(use.node.start, word, handed[use.by])
      if (place !== undefined) put(text, sourceOf(use), JSON.stringify(this.#leadsTo(module, place, "module")))
      return
    }
    const target = this.#graph.module(place.id)
    const way = use.by === "require" ? "require" : isBody(use, module, this.#graph) && !target.whole ? "body" : "module"
    put(text, use.node, `${use.by}(${JSON.stringify(this.#leadsTo(module, place, way))})`)
  }
}

const isNameless = (node: Syntax): boolean =>
  (node.type.endsWith("FunctionExpression") || /^(Function|Class)(Declaration|Expression)$/.test(node.type)) &&
  (!("id" in node) || node.id === null)

const sourceOf = ({ node }: Loading): Syntax =>
  node.type === "ImportExpression" ? node.source : (node as Extract<Syntax, { type: "CallExpression" }>).arguments[0]!

const exportedAs = (specifier: Extract<Syntax, { type: "ExportSpecifier" }>): string =>
  specifier.exported.type === "Literal" ? String(specifier.exported.value) : specifier.exported.name

const put = (text: RolldownMagicString, { start, end }: Syntax, by: string): void => {
  if (by === "") text.remove(start, end)
  else text.overwrite(start, end, by)
}

const emitted = (text: RolldownMagicString, { file }: Module): Emitted => ({
  code: text.toString(),
  map: text.generateMap({ hires: "boundary", source: file }).toString(),
})

// The JSON is parsed at run time, because it may contain half of a surrogate pair, or a key `__proto__`.
const jsonModule = (text: string, way: Way, members: ReadonlySet<string> | undefined): string => {
  const value = JSON.stringify(pickedOf(JSON.parse(text), members))
  return `${way === "require" ? "module.exports =" : "export default"} JSON.parse(${asciiOf(JSON.stringify(value))})`
}

/** The members of a value that are read by name; the whole value if one of the names is not a member of its own. */
const pickedOf = (value: unknown, members: ReadonlySet<string> | undefined): unknown => {
  if (members === undefined || typeof value !== "object" || value === null || Array.isArray(value)) return value
  if (![...members].every((name) => Object.hasOwn(value, name))) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => members.has(name)))
}

const asciiOf = (text: string): string =>
  text.replaceAll(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
