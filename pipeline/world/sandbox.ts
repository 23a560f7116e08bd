// The sandbox is the part of a process in which nodes run one after another. A node finds the sandbox as the node
// before found it. Changes are detected when a node ends. The sandbox holds values that may be kept between nodes for
// speed. Knows nothing about stores.
import util, { types } from "node:util"
import type { Context } from "effect"
import { isEffectName, type Manifest } from "../code/packages.ts"
import { effectFor, enter, guardDefaults } from "./effect.ts"
import { isOtherEnvironment, takeEnvironment, watchEnvironment } from "./environment.ts"
import { globalsFor } from "./globals.ts"
import { guard, guardMembers } from "./guard.ts"
import type { World } from "./evaluate.ts"
import { allow, loadedBefore, loadCount, loadPackage, requirePackage } from "./load.ts"
import { realm } from "./realm.ts"
import { isObject } from "./snapshot.ts"
import { hideEngine } from "./stack.ts"

interface Entering {
  readonly code: string
  readonly root: string
  readonly environment: { readonly [name: string]: string | null }
}

type Namespace = { readonly [name: string]: unknown }

/**
 * The maximum number of values that a process keeps between nodes. Each holds megabytes (a compiled function with its
 * memory), and a grid of a paper has thousands.
 */
const mostKept = 128

class Sandbox {
  #known = 0
  #asked = -1
  #changed: string | undefined
  /** The packages that this node takes. */
  #packages = new Set<object>()
  /** The name of something that was changed and could not be put back. */
  #lost: string | undefined
  readonly #kept = new Map<string, unknown>()

  /** From now on shared state is watched. */
  begin(): void {
    if (realm.hasBegun) return
    // tfjs-node 4.22 still calls this function, which Node 23 removed.
    Object.assign(util, { isNullOrUndefined: (x: unknown) => x === null || x === undefined })
    hideEngine()
    guard()
    guardDefaults()
    watchEnvironment()
    realm.begin()
  }

  /** A run begins in a process that does other things too. Changes from before the run are not the doing of a node. */
  beginBesideOthers(): void {
    this.begin()
    guardMembers()
    realm.watchNode()
    realm.accept()
    this.#lost = undefined
    this.#asked = -1
  }

  /**
   * What other code of this process changed since the run began; undefined if nothing changed. For a process that does
   * other things too. Checks again only if more files were loaded since the last check.
   */
  changedByOthers(): string | undefined {
    if (this.#asked !== loadCount()) this.#changed = realm.changeByOthers()
    this.#asked = loadCount()
    return this.#changed
  }

  /** The name of something that a node changed and nobody can put back; undefined if there is nothing. */
  get lost(): string | undefined {
    return this.#lost
  }

  /** Begins a node and returns its world. */
  enter(job: Entering, manifest: Manifest, services: Context.Context<never>, lines: Array<string>): World {
    this.begin()
    allow(manifest)
    enter(services)
    this.#packages = new Set()
    realm.enter()
    if (isOtherEnvironment()) takeEnvironment()
    // Between two nodes only the engine works, and only files that the engine loads change shared state.
    if (this.#known !== loadCount()) realm.accept()
    this.#known = loadCount()
    const environment = Object.fromEntries(
      Object.entries(job.environment).map(([name, value]) => [name, value ?? undefined]),
    )
    return {
      global: globalsFor({
        environment,
        log: (line) => {
          lines.push(line)
        },
        kept: this.#keeping(job.code),
      }),
      load: async (specifier) => {
        const before = loadedBefore("import", specifier, job.root)?.value as Namespace | undefined
        return this.#take(specifier, before ?? (await this.#loading(() => loadPackage(specifier, job.root))))
      },
      require: (specifier) => {
        const before = loadedBefore("require", specifier, job.root)
        const value = before === undefined ? this.#loading(() => requirePackage(specifier, job.root)) : before.value
        return isObject(value) ? this.#take(specifier, value as Namespace) : value
      },
    }
  }

  /** Ends a node. Returns the name of shared state that the node changed; undefined if the node changed nothing. */
  leave(): string | undefined {
    allow(undefined)
    const changed = realm.change(this.#packages)
    if (changed !== undefined) this.#lost = realm.restore()
    return changed
  }

  // A change while a package is loaded comes from the package, and the package is in the key.
  #loading<A>(load: () => A): A {
    realm.watchNode()
    const before = loadCount()
    const changed = realm.change(this.#packages)
    const accept = (): void => {
      if (loadCount() !== before && changed === undefined) realm.accept()
    }
    const value = load()
    if (value instanceof Promise) return value.finally(accept) as A
    accept()
    return value
  }

  #take(specifier: string, namespace: Namespace): Namespace {
    if (isEffectName(specifier) && types.isModuleNamespaceObject(namespace)) return effectFor(specifier, namespace)
    realm.watchNode()
    realm.watchPackage(specifier, namespace)
    this.#packages.add(namespace)
    return namespace
  }

  // The id includes the code, so no code ever finds a value that other code made.
  #keeping(code: string) {
    return (name: string, key: string, make: () => unknown): unknown => {
      const id = JSON.stringify([code, name, key])
      const value = this.#kept.has(id) ? this.#kept.get(id) : make()
      // The map keeps its order: the value that was used last is at its end, and the longest unused one at its start.
      this.#kept.delete(id)
      this.#kept.set(id, value)
      if (this.#kept.size > mostKept) this.#kept.delete(this.#kept.keys().next().value!)
      return value
    }
  }
}

export const sandbox = new Sandbox()
