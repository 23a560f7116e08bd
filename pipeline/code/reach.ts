// Finds the statements of a project that the value of an export depends on:
// 1. The statements that the export leads to, name by name.
// 2. The other statements of the loaded modules that could change a value that the first statements use. Such a
//    statement must share something that can change (a Map, a `let`, a package) with the first statements. A statement
//    that shares nothing with the first statements cannot matter, whatever it calls.
// Knows nothing about how the statements become one text.
import { fileURLToPath } from "node:url"
import { declares, declaresStages, isStageFunction, throws } from "./declaration.ts"
import { Graph, type Meaning } from "./graph.ts"
import type { Module, Statement } from "./module.ts"
import { brokenImportIn } from "./missing.ts"
import { dependenciesOf, folderOfFile, isEffectName } from "./packages.ts"
import { couldChange, isQuiet } from "./state.ts"
import type { Loading, Use } from "./uses.ts"

/** The statements and modules of a project that are needed. */
export interface Reached {
  readonly graph: Graph
  readonly statements: ReadonlySet<Statement>
  /** Every module that is loaded, even if none of its statements is needed. */
  readonly modules: ReadonlySet<Module>
}

/** Everything that a statement leads to, directly or indirectly. */
interface Touched {
  readonly statements: ReadonlySet<Statement>
  /** The folders of the packages that the statement uses and that may keep state. */
  readonly packages: ReadonlySet<string>
  /** The statements that change what all code shares. */
  readonly globals: ReadonlyArray<Statement>
  /** The statements whose declared values could be changed. */
  readonly changed: ReadonlySet<Statement>
}

/** Everything that one export of a module reaches. */
export const reach = (id: string, name: string): Reached => {
  const graph = new Graph()
  const search = new Search(graph)
  const entry = graph.module(id)
  search.load(entry)
  const start = graph.exported(entry, name)
  if (start !== undefined) search.keep(start)
  while (search.keepWhatMatters()) {
    // other statements may change the value of a statement that was kept just now
  }
  return { graph, statements: search.kept, modules: search.modules }
}

class Search {
  readonly kept = new Set<Statement>()
  readonly modules = new Set<Module>()
  readonly #graph: Graph
  readonly #next = new Map<Statement, ReadonlyArray<Meaning>>()
  readonly #touched = new Map<Statement, Touched>()
  readonly #packages = new Set<string>()
  /** Modules that a kept statement loads. */
  readonly #asked = new Set<Module>()

  constructor(graph: Graph) {
    this.#graph = graph
  }

  /** Marks a module as loaded, together with the modules that it imports. */
  load(module: Module): void {
    if (this.modules.has(module)) return
    this.modules.add(module)
    for (const specifier of module.specifiers) this.#loadAt(module, specifier, "import")
    // All statements of a CommonJS module are needed together.
    if (module.commonjs) for (const statement of module.statements) this.#keepStatement(statement)
  }

  keep(meaning: Meaning): void {
    for (const statement of this.#statementsOf(meaning)) this.#keepStatement(statement)
  }

  /** Keeps the statements that could change the value of a kept statement. Returns whether there were any. */
  keepWhatMatters(): boolean {
    const before = this.kept.size
    for (const module of this.modules) {
      for (const statement of module.statements)
        if (!this.kept.has(statement) && !isQuiet(statement) && this.#matters(statement)) this.#keepStatement(statement)
    }
    return this.kept.size > before
  }

  #matters(statement: Statement): boolean {
    const { statements, packages, globals, changed } = this.#touchedBy(statement)
    if (globals.some((each) => !this.kept.has(each)) || shareAny(packages, this.#packages)) return true
    for (const each of changed) if (this.kept.has(each)) return true
    // A statement that throws while its module is loaded also stops the modules that are loaded with it.
    if (declares(statement)) return false
    const isKept = [...statements].some((each) => this.kept.has(each))
    return (
      (isKept && [...statements].some((each) => throws(each, this.#graph))) ||
      (throws(statement, this.#graph) && this.#isLoadedForKept(statement.module))
    )
  }

  #isLoadedForKept(module: Module): boolean {
    return this.#asked.has(module) || module.statements.some((each) => this.kept.has(each))
  }

  /** The statements whose declared values a use could change. */
  #changedBy(module: Module, use: Use): ReadonlyArray<Statement> {
    if (use._tag === "Meta") return []
    return this.#meaningsOf(module, use).flatMap((meaning) => {
      if (meaning._tag === "Outside" || meaning._tag === "Global") return []
      if (use._tag === "Loading") return meaning._tag === "Namespace" ? this.#statementsOf(meaning) : []
      const path = module.imported.get(use.name)?.name === "*" ? use.path.slice(1) : use.path
      return this.#statementsOf(meaning).filter((statement) => {
        const name = meaning._tag === "Statement" ? meaning.name : (statement.declares[0] ?? "")
        return couldChange(use, path, { _tag: "Statement", statement, name }, this.#graph)
      })
    })
  }

  #keepStatement(statement: Statement): void {
    const open = [statement]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.kept.has(next)) continue
      this.kept.add(next)
      this.load(next.module)
      for (const use of next.uses) {
        const isOfStage = use._tag === "Loading" && isBody(use, next.module, this.#graph)
        const fault = brokenImportIn(this.#graph, next.module, use, isOfStage)
        if (fault !== undefined) throw fault
        if (use._tag === "Loading" && use.specifier !== undefined) {
          const loaded = this.#loadAt(next.module, use.specifier, use.by)
          if (loaded !== undefined) this.#asked.add(loaded)
        }
      }
      for (const meaning of this.#nextOf(next)) {
        open.push(...this.#statementsOf(meaning))
        if (meaning._tag === "Outside") addPackage(this.#packages, meaning)
      }
    }
  }

  #loadAt(module: Module, specifier: string, by: Loading["by"]): Module | undefined {
    const place = this.#graph.place(module, specifier, by)
    if (place._tag !== "Project") return undefined
    const loaded = this.#graph.module(place.id)
    this.load(loaded)
    return loaded
  }

  #touchedBy(statement: Statement): Touched {
    const known = this.#touched.get(statement)
    if (known !== undefined) return known
    const statements = new Set<Statement>()
    const packages = new Set<string>()
    const globals: Array<Statement> = []
    const changed = new Set<Statement>()
    const open = [statement]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (statements.has(next)) continue
      statements.add(next)
      if (declaresStages(next, this.#graph)) continue
      if (this.#changesGlobals(next)) globals.push(next)
      for (const use of next.uses) for (const each of this.#changedBy(next.module, use)) changed.add(each)
      for (const meaning of this.#nextOf(next)) {
        open.push(...this.#statementsOf(meaning))
        if (meaning._tag === "Outside") addPackage(packages, meaning)
      }
    }
    const touched = { statements, packages, globals, changed }
    this.#touched.set(statement, touched)
    return touched
  }

  /** The meanings that a statement leads to directly. */
  #nextOf(statement: Statement): ReadonlyArray<Meaning> {
    const known = this.#next.get(statement) ?? statement.uses.flatMap((use) => this.#meaningsOf(statement.module, use))
    this.#next.set(statement, known)
    return known
  }

  #meaningsOf(module: Module, use: Use): ReadonlyArray<Meaning> {
    if (use._tag === "Meta") return []
    if (use._tag === "Named") {
      const meaning = this.#graph.meaning(module, use.name)
      // If the code writes out a member of a namespace, only that member is needed.
      if (meaning._tag !== "Namespace" || meaning.module.whole || use.path.length === 0) return [meaning]
      return [this.#graph.exported(meaning.module, use.path[0]!) ?? meaning]
    }
    if (use.specifier === undefined) return []
    const place = this.#graph.place(module, use.specifier, use.by)
    if (place._tag !== "Project") return [{ _tag: "Outside", place, path: [] }]
    const target = this.#graph.module(place.id)
    const body = isBody(use, module, this.#graph) && !target.whole ? this.#graph.exported(target, "run") : undefined
    return [body ?? { _tag: "Namespace", module: target }]
  }

  #statementsOf(meaning: Meaning): ReadonlyArray<Statement> {
    if (meaning._tag === "Statement") return [meaning.statement]
    if (meaning._tag !== "Namespace") return []
    if (meaning.module.whole) return meaning.module.statements
    return [...this.#graph.names(meaning.module)].flatMap((name) => {
      const exported = this.#graph.exported(meaning.module, name)
      return exported?._tag === "Statement"
        ? [exported.statement]
        : exported?._tag === "Namespace" && exported.module !== meaning.module
          ? this.#statementsOf(exported)
          : []
    })
  }

  // Whether a statement changes what all code shares: by an assignment to a member of a global name or of a Node
  // module, by passing such a name to a function that defines members, or by giving such a name another name.
  #changesGlobals({ module, uses }: Statement): boolean {
    const isShared = (name: string): boolean => {
      const meaning = this.#graph.meaning(module, name)
      if (meaning._tag === "Outside") return meaning.place._tag === "Builtin"
      return meaning._tag === "Global" && name in globalThis
    }
    return uses.some((use) => {
      if (use._tag !== "Named") return false
      const { name, path, how, to, deeper } = use
      if (how === "call" && definers.has([name, ...path].join("."))) return to !== undefined && isShared(to)
      if (how === "write") return (path.length > 0 || deeper) && isShared(name)
      const isAlias = path.length === 0 ? name === "globalThis" || name === "global" : path.at(-1) === "prototype"
      return how === "read" && isAlias && isShared(name)
    })
  }
}

const definers = new Set([
  "Object.assign",
  "Object.defineProperty",
  "Object.defineProperties",
  "Object.setPrototypeOf",
  "Reflect.set",
  "Reflect.defineProperty",
  "Reflect.setPrototypeOf",
])

/** Whether an import() loads the body of a stage. Only `run` is called in a body. */
export const isBody = (use: Loading, module: Module, graph: Graph): boolean =>
  use.declaredBy?.type === "Identifier" && isStageFunction(graph.meaning(module, use.declaredBy.name))

// Stages are written with Effect, and the values of Effect do not change. Other packages may keep state.
const addPackage = (to: Set<string>, { place }: Extract<Meaning, { _tag: "Outside" }>): void => {
  if (place._tag === "Package" && !isEffectName(place.specifier)) to.add(folderOfFile(fileURLToPath(place.url)))
}

/** Whether a package of one list is in the other list, needs a package of it, or is needed by a package of it. */
const shareAny = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean => {
  for (const one of some)
    for (const other of others) if (neededBy(one).has(other) || neededBy(other).has(one)) return true
  return false
}

/** The folders of a package and of all packages that it needs, directly or indirectly. */
const neededBy = (folder: string): ReadonlySet<string> => {
  const known = needed.get(folder)
  if (known !== undefined) return known
  const found = new Set<string>([folder])
  for (const each of found) for (const next of dependenciesOf(each)) found.add(next)
  needed.set(folder, found)
  return found
}
const needed = new Map<string, ReadonlySet<string>>()
