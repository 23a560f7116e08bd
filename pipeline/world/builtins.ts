// The parts of Node as a stage finds them: what computes is open, what asks the world throws. Refuses to know packages.
import { createRequire } from "node:module"
import { closed, copyOf } from "./closed.ts"
import { closedInCrypto, openIn, pureModules, reasonOf } from "./names.ts"

type Namespace = { readonly [name: string]: unknown }

const load = createRequire(import.meta.url)

/** A part of Node, by its specifier with or without "node:". `global` says what global names mean. */
export const builtinFor = (specifier: string, global: (name: string) => unknown): Namespace => {
  const name = specifier.replace(/^node:/, "")
  if (name === "process" || name === "console") return membersOf(name, global(name) as Namespace)
  const known = views.get(name) ?? viewOf(name)
  views.set(name, known)
  return known
}
const views = new Map<string, Namespace>()

const viewOf = (name: string): Namespace => {
  const real = load(`node:${name}`) as object
  if (pureModules.has(name)) return whole(typeof real === "function" ? real : copyOf(real, (_, value) => value))
  const open = name === "crypto" ? undefined : (openIn.get(name) ?? new Set<string>())
  const isOpen = (member: string): boolean => (open === undefined ? !closedInCrypto.has(member) : open.has(member))
  return whole(
    copyOf(real, (member, value) => (isOpen(member) ? value : closed(reasonOf(name), `node:${name}.${member}`))),
  )
}

const membersOf = (name: "process" | "console", view: Namespace): Namespace =>
  Object.freeze({
    ...Object.fromEntries(Object.keys(globalThis[name]).map((member) => [member, view[member]])),
    default: view,
  })

// As Node gives them: each member by its name, and all as the default.
const whole = (members: object): Namespace => {
  const taken = Object.fromEntries(Object.keys(members).map((name) => [name, (members as Namespace)[name]]))
  return Object.freeze({ ...taken, default: members })
}
