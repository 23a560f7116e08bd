// What is left of each module once only the reached statements stay? Texts for the bundler, in which every import that
// stays names its target by a token: nothing has to be resolved once more. Refuses to know how texts are joined.
import { RolldownMagicString } from "rolldown"
import type { Graph, Place } from "./graph.ts"
import { type Elsewhere, type Module, type Statement } from "./module.ts"
import { isBody, type Reached } from "./reach.ts"
import type { Syntax } from "./syntax.ts"
import type { Loading } from "./uses.ts"

/** How the code says what is no name of its own: import(), require() and import.meta. The world gives them. */
export const handed = { import: "pipelineImport", require: "pipelineRequire", meta: "pipelineMeta" } as const

/** How a module is asked for: all of it, as the body of a stage, or by require(). */
type Way = "module" | "body" | "require"

export interface Emitted {
  readonly code: string
  readonly map: string
}

export class Emitter {
  readonly #reached: Reached
  readonly #graph: Graph
  readonly #external: (specifier: string, from: Module) => string
  readonly #tokens = new Map<string, { readonly module: Module; readonly way: Way }>()
  readonly #requested = new Map<Module, Set<string>>()
  readonly #imported = new Map<Module, Set<string>>()
  readonly #needed: ReadonlySet<Module>
  readonly #bodies = new Set<Module>()
  /** Of JSON: the members that are read by name; undefined where all of it may be. */
  readonly #members = new Map<Module, Set<string> | undefined>()
  /** Names that no module declares. */
  readonly globals = new Set<string>()

  /** `external` says under which specifier the code will ask for a package. */
  constructor(reached: Reached, external: (specifier: string, from: Module) => string) {
    this.#reached = reached
    this.#graph = reached.graph
    this.#external = external
    for (const statement of reached.statements) this.#markUses(statement)
    this.#needed = this.#neededModules()
  }

  /** The text that asks for an export of a module. */
  entry(module: Module, name: string): string {
    this.#request(module, name)
    // Bodies are run anyway: loaded at once, their functions are as quick as those of any module.
    const bodies = [...this.#bodies].map((body) => `import ${JSON.stringify(this.#token(body, "body"))};`)
    return `export { ${name} as value } from ${JSON.stringify(this.#token(module, "module"))}; ${bodies.join(" ")}`
  }

  /** What a token stands for; nothing where it is none. */
  load(token: string): Emitted | undefined {
    const found = this.#tokens.get(token)
    if (found === undefined) return undefined
    const { module, way } = found
    if (way === "body") return { code: `export { run } from ${JSON.stringify(this.#token(module, "module"))}`, map: "" }
    if (isJson(module)) return { code: jsonModule(module.text, way, this.#members.get(module)), map: "" }
    return module.commonjs ? this.#commonjs(module) : this.#esModule(module)
  }

  #token(module: Module, way: Way): string {
    // The ending tells the bundler that modules are as Node reads them.
    const token = `${way}:${[...this.#reached.modules].indexOf(module)}.mts`
    this.#tokens.set(token, { module, way })
    return token
  }

  #markUses({ module, uses }: Statement): void {
    for (const use of uses) {
      if (use._tag === "Named") {
        const meaning = this.#graph.meaning(module, use.name)
        if (meaning._tag === "Global" && !(module.commonjs && ["module", "exports"].includes(use.name))) this.globals.add(use.name)
        if (meaning._tag === "Namespace" && isJson(meaning.module)) this.#markMember(meaning.module, use.path[0])
        this.#markName(module, use.name, use.path[0])
      } else if (use._tag === "Loading" && use.specifier !== undefined) {
        const place = this.#graph.place(module, use.specifier, use.by)
        if (place._tag !== "Project") continue
        const target = this.#graph.module(place.id)
        if (isJson(target)) this.#markMember(target, undefined)
        if (isBody(use, module, this.#graph) && !target.whole) {
          this.#request(target, "run")
          this.#bodies.add(target)
        }
        else this.#requestAll(target)
      }
    }
  }

  #markMember(module: Module, member: string | undefined): void {
    const known = this.#members.has(module) ? this.#members.get(module) : new Set<string>()
    this.#members.set(module, member === undefined ? undefined : known?.add(member))
  }

  #markName(module: Module, name: string, member?: string): void {
    const elsewhere = module.imported.get(name)
    if (elsewhere === undefined) return
    setOf(this.#imported, module).add(name)
    this.#requestElsewhere(module, elsewhere, member)
  }

  #requestElsewhere(module: Module, { specifier, name }: Elsewhere, member?: string): void {
    const place = this.#graph.place(module, specifier)
    if (place._tag !== "Project") return
    const target = this.#graph.module(place.id)
    if (name !== "*") this.#request(target, name)
    else if (member !== undefined) this.#request(target, member)
    else this.#requestAll(target)
  }

  #request(module: Module, name: string): void {
    const requested = setOf(this.#requested, module)
    if (module.whole || requested.has(name)) return
    requested.add(name)
    const own = module.exported.get(name)
    if (typeof own === "string") this.#markName(module, own)
    else if (own !== undefined) this.#requestElsewhere(module, own)
    else for (const target of this.#starsWith(module, name)) this.#request(target, name)
  }

  #starsWith(module: Module, name: string): ReadonlyArray<Module> {
    return module.stars.flatMap((specifier) => {
      const place = this.#graph.place(module, specifier)
      const target = place._tag === "Project" ? this.#graph.module(place.id) : undefined
      return target !== undefined && this.#graph.names(target).has(name) ? [target] : []
    })
  }

  #requestAll(module: Module): void {
    for (const name of this.#graph.names(module)) this.#request(module, name)
  }

  // A module without anything needed is needed where one that it imports is.
  #neededModules(): ReadonlySet<Module> {
    const needed = new Set<Module>()
    for (const module of this.#reached.modules) if (module.whole || this.#requested.has(module) || module.statements.some((each) => this.#reached.statements.has(each)) || importsBarely(module, this.#graph)) needed.add(module)
    for (let before = -1; before < needed.size; ) {
      before = needed.size
      for (const module of this.#reached.modules) {
        const leads = module.specifiers.some((specifier) => {
          const place = this.#graph.place(module, specifier)
          return place._tag === "Project" && needed.has(this.#graph.module(place.id))
        })
        if (leads) needed.add(module)
      }
    }
    return needed
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

  /** What is left of an import or a re-export; nothing of any other statement. */
  #link(module: Module, node: Syntax): string {
    const used = this.#imported.get(module) ?? new Set()
    const requested = this.#requested.get(module) ?? new Set()
    switch (node.type) {
      case "ImportDeclaration": {
        if (node.importKind === "type") return ""
        const names = [...module.imported].filter(([local, { specifier }]) => specifier === node.source.value && used.has(local) && node.specifiers.some((each) => each.local.name === local))
        return this.#importing(module, node.source.value, names.map(([local, { name }]) => [local, name]), node.specifiers.length === 0)
      }
      case "ExportAllDeclaration": {
        if (node.exportKind === "type") return ""
        if (node.exported !== null) {
          const name = node.exported.type === "Literal" ? String(node.exported.value) : node.exported.name
          return requested.has(name) ? `export * as ${JSON.stringify(name)} from ${this.#target(module, node.source.value)};` : this.#importing(module, node.source.value, [], false)
        }
        const place = this.#graph.place(module, node.source.value)
        const names = [...requested].filter((name) => !module.exported.has(name) && (place._tag !== "Project" || this.#graph.names(this.#graph.module(place.id)).has(name)))
        if (names.length === 0) return this.#importing(module, node.source.value, [], false)
        return `export { ${names.map((name) => JSON.stringify(name)).join(", ")} } from ${this.#target(module, node.source.value)};`
      }
      case "ExportNamedDeclaration": {
        if (node.exportKind === "type" || node.declaration !== null) return ""
        const names = [...module.exported].filter(([name, own]) => requested.has(name) && (typeof own === "string") === (node.source === null) && node.specifiers.some((each) => exportedAs(each) === name))
        const list = names.map(([name, own]) => `${typeof own === "string" ? own : JSON.stringify(own.name)} as ${JSON.stringify(name)}`)
        if (list.length === 0) return node.source === null ? "" : this.#importing(module, node.source.value, [], false)
        return `export { ${list.join(", ")} }${node.source === null ? "" : ` from ${this.#target(module, node.source.value)}`};`
      }
      default:
        return ""
    }
  }

  #importing(module: Module, specifier: string, names: ReadonlyArray<readonly [local: string, name: string]>, bare: boolean): string {
    const place = this.#graph.place(module, specifier)
    const target = this.#target(module, specifier)
    const needed = place._tag === "Project" ? this.#needed.has(this.#graph.module(place.id)) : bare
    if (names.length === 0) return needed ? `import ${target};` : ""
    return names.map(([local, name]) => (name === "*" ? `import * as ${local} from ${target};` : `import { ${JSON.stringify(name)} as ${local} } from ${target};`)).join(" ")
  }

  #target(module: Module, specifier: string): string {
    return JSON.stringify(this.#leadsTo(module, this.#graph.place(module, specifier), "module"))
  }

  #leadsTo(module: Module, place: Place, way: Way): string {
    if (place._tag === "Project") return this.#token(this.#graph.module(place.id), way)
    return place._tag === "Builtin" ? place.specifier : this.#external(place.specifier, module)
  }

  /** Puts what the world gives in the place of import(), require() and import.meta. */
  #rewrite(text: RolldownMagicString, { module, uses }: Statement): void {
    for (const use of uses) {
      if (use._tag === "Meta") put(text, use.node, handed.meta)
      if (use._tag === "Loading") this.#rewriteLoading(text, module, use)
    }
  }

  #rewriteLoading(text: RolldownMagicString, module: Module, use: Loading): void {
    const place = use.specifier === undefined ? undefined : this.#graph.place(module, use.specifier, use.by)
    if (place?._tag !== "Project") {
      // The word alone: what is asked for may be computed.
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

const sourceOf = ({ node }: Loading): Syntax => (node.type === "ImportExpression" ? node.source : (node as Extract<Syntax, { type: "CallExpression" }>).arguments[0]!)

const setOf = <K, V>(map: Map<K, Set<V>>, key: K): Set<V> => {
  const known = map.get(key) ?? new Set<V>()
  map.set(key, known)
  return known
}

/** Whether a module imports a package for what loading it does. */
const importsBarely = (module: Module, graph: Graph): boolean =>
  module.body.some((node) => node.type === "ImportDeclaration" && node.specifiers.length === 0 && graph.place(module, node.source.value)._tag !== "Project")

const exportedAs = (specifier: Extract<Syntax, { type: "ExportSpecifier" }>): string => (specifier.exported.type === "Literal" ? String(specifier.exported.value) : specifier.exported.name)

const put = (text: RolldownMagicString, { start, end }: Syntax, by: string): void => {
  if (by === "") text.remove(start, end)
  else text.overwrite(start, end, by)
}

const emitted = (text: RolldownMagicString, { file }: Module): Emitted => ({ code: text.toString(), map: text.generateMap({ hires: true, source: file }).toString() })

const isJson = ({ file }: Module): boolean => file.endsWith(".json")

// As a text that is read, since it may hold halves of characters, or a key __proto__.
const jsonModule = (text: string, way: Way, members: ReadonlySet<string> | undefined): string => {
  const value = JSON.stringify(pickedOf(JSON.parse(text), members))
  return `${way === "require" ? "module.exports =" : "export default"} JSON.parse(${asciiOf(JSON.stringify(value))})`
}

/** The members of a value that are read by name; all of it where what is read is none of its own. */
const pickedOf = (value: unknown, members: ReadonlySet<string> | undefined): unknown => {
  if (members === undefined || typeof value !== "object" || value === null || Array.isArray(value)) return value
  if (![...members].every((name) => Object.hasOwn(value, name))) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => members.has(name)))
}

const asciiOf = (text: string): string => text.replaceAll(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
