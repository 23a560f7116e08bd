// The room in a process in which one node after another runs: who enters finds it as the one before did, and what
// somebody changed is found when they leave. Holds what may be kept between nodes for speed.
import util from "node:util"
import type { Context } from "effect"
import { isEffectName, type Manifest } from "../code/packages.ts"
import { enter, effectFor } from "./effect.ts"
import { watchEnvironment } from "./environment.ts"
import { globalsFor } from "./globals.ts"
import { guard } from "./guard.ts"
import type { World } from "./evaluate.ts"
import { allow, loadedBefore, loadCount, loadPackage, requirePackage } from "./load.ts"
import { Realm } from "./realm.ts"
import { hideEngine } from "./stack.ts"

interface Entering {
  readonly code: string
  readonly root: string
  readonly environment: { readonly [name: string]: string | null }
}

type Namespace = { readonly [name: string]: unknown }

class Room {
  #realm: Realm | undefined
  #known = 0
  /** What the packages of this node export. */
  #packages = new Map<string, object>()
  readonly #kept = new Map<string, unknown>()

  /** A run begins: what others did in this process before it is no node's doing. */
  begin(): void {
    this.#realm?.accept()
  }

  /** The world of a node that begins. */
  enter(job: Entering, manifest: Manifest, services: Context.Context<never>, lines: Array<string>): World {
    if (this.#realm === undefined) {
      // tfjs-node 4.22 still calls this function, which Node 23 took away.
      Object.assign(util, { isNullOrUndefined: (x: unknown) => x === null || x === undefined })
      hideEngine()
      guard()
      watchEnvironment()
    }
    allow(manifest)
    enter(services)
    const realm = (this.#realm ??= new Realm())
    this.#packages = new Map()
    // Between two nodes only the engine is at work, and of it only what it loads changes what is shared.
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
        return before === undefined ? this.#loading(() => requirePackage(specifier, job.root)) : before.value
      },
    }
  }

  /** Ends a node; says what it changed of what all nodes share, if it did. */
  leave(): string | undefined {
    allow(undefined)
    const changed = this.#realm?.change(this.#packages)
    if (changed !== undefined) this.#realm!.restore()
    return changed
  }

  // What changes while a package is loaded is the package's doing, and it is in the key.
  #loading<A>(load: () => A): A {
    const before = loadCount()
    const changed = this.#realm!.change(this.#packages)
    const accept = (): void => {
      if (loadCount() !== before && changed === undefined) this.#realm!.accept()
    }
    const value = load()
    if (value instanceof Promise) return value.finally(accept) as A
    accept()
    return value
  }

  #take(specifier: string, namespace: Namespace): Namespace {
    const isEffect = isEffectName(specifier)
    if (!isEffect) {
      if (!this.#realm!.knows(specifier)) this.#realm!.accept(new Map([[specifier, namespace]]))
      this.#packages.set(specifier, namespace)
    }
    return isEffect ? effectFor(specifier, namespace) : namespace
  }

  // By the code too: what other code made is never met.
  #keeping(code: string) {
    return (name: string, key: string, make: () => unknown): unknown => {
      const id = JSON.stringify([code, name, key])
      if (!this.#kept.has(id)) this.#kept.set(id, make())
      return this.#kept.get(id)
    }
  }
}

export const room = new Room()
