// Finds what the kept statements need from each module: the names that the module must export, the imports that it
// uses, and the members of JSON files that are read. Knows nothing about texts.
import type { Graph } from "./graph.ts"
import { isJson, type Elsewhere, type Module, type Statement } from "./module.ts"
import { isBody, type Reached } from "./reach.ts"

export class Needs {
  readonly #reached: Reached
  readonly #graph: Graph
  readonly #requested = new Map<Module, Set<string>>()
  readonly #imported = new Map<Module, Set<string>>()
  /** For JSON files: the members that are read by name; undefined if any member may be read. */
  readonly #members = new Map<Module, Set<string> | undefined>()
  /** The modules that are bodies of stages. */
  readonly bodies = new Set<Module>()
  /** Names that no module declares. */
  readonly globals = new Set<string>()
  /** Modules that are needed, or that import a needed module. */
  readonly modules: ReadonlySet<Module>

  /** Finds what is needed so that `module` exports `name`. */
  constructor(reached: Reached, module: Module, name: string) {
    this.#reached = reached
    this.#graph = reached.graph
    for (const statement of reached.statements) this.#markUses(statement)
    this.#request(module, name)
    this.modules = this.#neededModules()
  }

  /** The names that other modules take from a module. */
  requested(module: Module): ReadonlySet<string> {
    return this.#requested.get(module) ?? new Set()
  }

  /** The imports that a module uses, by their local names. */
  imported(module: Module): ReadonlySet<string> {
    return this.#imported.get(module) ?? new Set()
  }

  /** The members of a JSON file that are read by name; undefined if any member may be read. */
  members(module: Module): ReadonlySet<string> | undefined {
    return this.#members.get(module)
  }

  #markUses({ module, uses }: Statement): void {
    for (const use of uses) {
      if (use._tag === "Named") {
        const meaning = this.#graph.meaning(module, use.name)
        if (meaning._tag === "Global" && !(module.commonjs && ["module", "exports"].includes(use.name)))
          this.globals.add(use.name)
        const whole = module.imported.get(use.name)?.name === "*"
        if (meaning._tag === "Namespace" && isJson(meaning.module))
          this.#markMember(meaning.module, whole ? undefined : use.path[0])
        this.#markName(module, use.name, use.path[0])
      } else if (use._tag === "Loading" && use.specifier !== undefined) {
        const place = this.#graph.place(module, use.specifier, use.by)
        if (place._tag !== "Project") continue
        const target = this.#graph.module(place.id)
        if (isJson(target)) this.#markMember(target, undefined)
        if (isBody(use, module, this.#graph) && !target.whole) {
          this.#request(target, "run")
          this.bodies.add(target)
        } else this.#requestAll(target)
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
    // A module that imports the name from here may read any member of the JSON file.
    const meaning = this.#graph.exported(module, name)
    if (meaning?._tag === "Namespace" && isJson(meaning.module)) this.#markMember(meaning.module, undefined)
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

  // A module that imports a needed module is needed too.
  #neededModules(): ReadonlySet<Module> {
    const needed = new Set<Module>()
    for (const module of this.#reached.modules)
      if (
        module.whole ||
        this.#requested.has(module) ||
        module.statements.some((each) => this.#reached.statements.has(each)) ||
        importsBarely(module, this.#graph)
      )
        needed.add(module)
    for (let before = -1; before < needed.size;) {
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
}

const setOf = <K, V>(map: Map<K, Set<V>>, key: K): Set<V> => {
  const known = map.get(key) ?? new Set<V>()
  map.set(key, known)
  return known
}

/** Whether a module imports a package only for the effect of loading it. */
const importsBarely = (module: Module, graph: Graph): boolean =>
  module.body.some(
    (node) =>
      node.type === "ImportDeclaration" &&
      node.specifiers.length === 0 &&
      graph.place(module, node.source.value)._tag !== "Project",
  )
