// Gives the Node modules as a stage sees them. Members that only compute are open; members that ask the outside world
// throw. Knows nothing about packages.
import { createRequire } from "node:module"
import { closed, copyOf } from "./closed.ts"
import { closedKind, pureModules } from "../code/names.ts"
import { replacedIn } from "./replaced.ts"
import { realm } from "./realm.ts"

type Namespace = { readonly [name: string]: unknown }

const load = createRequire(import.meta.url)

/** A Node module by its specifier, with or without "node:". `global` gives the values of global names. */
export const builtinFor = (specifier: string, global: (name: string) => unknown): Namespace => {
  realm.watchNode()
  const name = specifier.replace(/^node:/, "")
  if (name === "process" || name === "console") return membersOf(name, global(name) as Namespace)
  const known = views.get(name) ?? viewOf(name)
  views.set(name, known)
  return known
}
const views = new Map<string, Namespace>()

const viewOf = (name: string): Namespace => {
  const real = load(`node:${name}`) as object
  const replaced = replacedIn(name, real as Namespace)
  const members = copyOf(real, (member, read) => {
    const kind = closedKind(name, member)
    return kind === undefined ? (replaced[member] ?? read()) : closed(kind, `node:${name}.${member}`)
  }) as Namespace
  // A module that is a function is given unchanged, because realm.ts finds changes to it.
  const whole = typeof real === "function" && pureModules.has(name) ? real : members
  return Object.freeze({ ...members, default: whole })
}

const membersOf = (name: "process" | "console", view: Namespace): Namespace =>
  Object.freeze({
    ...Object.fromEntries(Object.keys(globalThis[name]).map((member) => [member, view[member]])),
    default: view,
  })
