// Checks whether everything that all code of a process shares is unchanged: the global names, the built-in objects with
// their prototypes, Node's modules, the environment variables, and the exports of packages. A node that changed one of
// these would affect the next node. Knows nothing about the nodes themselves.
import { isOtherEnvironment, restoreEnvironment, takeEnvironment } from "./environment.ts"
import { exportsOf } from "./exports.ts"
import { changeIn, isOfEffect, restore, snapshotOf, type Snapshot } from "./snapshot.ts"
import { ofLanguage, ofNode, Walk } from "./shared.ts"

// Some computed global names of Node become plain values at their first use, so computed members are left out. Effect
// stores the running fiber in a member of globalThis, so that member is left out too.
const seenGlobals = (): Snapshot => {
  const { keys, values, ...all } = snapshotOf("globalThis", globalThis)
  const own = keys.map((key) => !isOfEffect(key))
  return { ...all, keys: keys.filter((_, i) => own[i]), values: values.filter((_, i) => own[i]), computed: [] }
}

/** Watches shared state. Reports the changes since the state was last accepted. */
class Realm {
  readonly #walk = new Walk()
  #builtins: ReadonlyArray<Snapshot> = []
  #globals: Snapshot | undefined
  #node: ReadonlyArray<Snapshot> = []
  #hasNode = false
  #isNodeTaken = false
  readonly #packages = new Map<object, readonly [name: string, exports: ReadonlyArray<Snapshot>]>()

  get hasBegun(): boolean {
    return this.#globals !== undefined
  }

  /** Begins to watch. */
  begin(): void {
    this.#builtins = ofLanguage(this.#walk)
    this.accept()
  }

  /**
   * A node takes a Node module or a package, so Node's modules are watched until the node ends. A node that takes
   * neither cannot change them.
   */
  watchNode(): void {
    if (!this.hasBegun) return
    this.#isNodeTaken = true
    if (this.#hasNode) return
    this.#hasNode = true
    this.#node = ofNode(this.#walk)
    this.#globals = seenGlobals()
  }

  /** A node begins. */
  enter(): void {
    this.#isNodeTaken = false
  }

  /** From now on the exports of a package are watched too. */
  watchPackage(name: string, namespace: object): void {
    if (!this.#packages.has(namespace)) this.#packages.set(namespace, [name, this.#exportsOf(name, namespace)])
  }

  /** The name of something that changed; undefined if nothing changed. `packages` are the packages to check. */
  change(packages: Iterable<object>): string | undefined {
    const found =
      changeIn(this.#globals!) ?? firstIn(this.#builtins) ?? (this.#isNodeTaken ? firstIn(this.#node) : undefined)
    if (found !== undefined) return found
    if (isOtherEnvironment()) return "process.env"
    for (const each of packages) {
      const exported = firstIn(this.#packages.get(each)?.[1] ?? [])
      if (exported !== undefined) return exported
    }
    return undefined
  }

  /**
   * The same for changes by other code in this process. New members of globalThis and Math do not count: stages have
   * views that were made before.
   */
  changeByOthers(): string | undefined {
    const globals = changeIn({ ...this.#globals!, known: undefined })
    const ofLanguage = firstIn(this.#builtins, (each) => (each.of === Math ? { ...each, known: undefined } : each))
    return globals ?? ofLanguage ?? firstIn(this.#node)
  }

  /** Puts shared state back as it was. Returns the name of something that could not be put back. */
  restore(): string | undefined {
    const all = [
      this.#globals!,
      ...this.#builtins,
      ...this.#node,
      ...[...this.#packages.values()].flatMap(([, exports]) => exports),
    ]
    for (const each of all) if (changeIn(each) !== undefined) restore(each)
    restoreEnvironment()
    return this.change(this.#packages.keys())
  }

  /** Accepts shared state as it is now. */
  accept(): void {
    this.#globals = seenGlobals()
    this.#builtins = this.#builtins.map((each) => each.retake())
    this.#node = this.#node.map((each) => each.retake())
    takeEnvironment()
    for (const [namespace, [name]] of this.#packages)
      this.#packages.set(namespace, [name, this.#exportsOf(name, namespace)])
  }

  #exportsOf(name: string, namespace: object): ReadonlyArray<Snapshot> {
    return exportsOf(name, namespace, (of) => this.#walk.knows(of))
  }
}

const firstIn = (
  all: ReadonlyArray<Snapshot>,
  as: (each: Snapshot) => Snapshot = (each) => each,
): string | undefined => {
  for (const each of all) {
    const found = changeIn(as(each))
    if (found !== undefined) return found
  }
  return undefined
}

export const realm = new Realm()
