// Lists the exports of a package and the objects that they lead to: a stage could change any of them for later nodes.
// The list is bounded, because all of it is checked after every node that uses the package. Knows nothing about how
// packages are loaded.
import { format, types } from "node:util"
import { isObject, memberName, most, snapshotOf, type Snapshot } from "./snapshot.ts"
import { isClass, isPlain } from "./shared.ts"

const deepest = 4

/**
 * An object that is still to be looked into. `gathers` is true for an instance of a class, and for everything below
 * one.
 */
type Open = readonly [name: string, of: object, depth: number, gathers: boolean]

/** All objects of a package that must be watched. `isKnown` tells which objects are watched in any case. */
export const exportsOf = (
  name: string,
  namespace: object,
  isKnown: (of: object) => boolean,
): ReadonlyArray<Snapshot> => {
  const found = [snapshotOf(name, namespace)]
  let members = 0
  const met = new Set<object>([namespace])
  const open: Array<Open> = [[name, namespace, 0, !isWhole(namespace)]]
  // The objects are visited in order of their depth, so the bound cuts off the deepest objects.
  for (const [within, of, depth, gathers] of open) {
    for (const [key, value] of partsOf(of)) {
      if (members > most) return found
      if (!isObject(value) || isLarge(value)) continue
      if (met.has(value) || isKnown(value) || types.isProxy(value)) continue
      const [at, isOfClass] = [memberName(within, key), key === "prototype"]
      // The members of an instance are its own business, unless the package exports the instance. An exported instance
      // may add members, for example settings that it finds out when it is asked. Its existing members must stay.
      if (gathers ? !isPlain(value) || Array.isArray(value) : !isWhole(value) && !isOfClass && depth > 1) continue
      met.add(value)
      // Skips the prototype of a function that is not a class. There are many such functions, and some packages make
      // instances with them later.
      if (isOfClass && !isClass(of)) continue
      const each = typeof value === "function" ? withoutCounts(snapshotOf(at, value), value) : snapshotOf(at, value)
      members += each.described.length + 1
      // A record with computed members keeps the computed values beside them, as an instance does.
      const isFilled = gathers || (typeof value === "object" && (!isWhole(value) || each.computed.length > 0))
      found.push({ ...each, ...(isFilled ? { known: undefined, isFilled } : {}), isOfPackage: true })
      if (depth < deepest && !isOfClass) open.push([at, value, depth + 1, gathers || !isWhole(value)])
    }
  }
  return found
}

/**
 * Leaves out the static members that a class itself writes. A count of its own instances, for example, is the package's
 * business.
 */
const withoutCounts = (each: Snapshot, of: { readonly prototype?: unknown }): Snapshot => {
  if (each.values.every((value) => isObject(value))) return each
  const methods = isObject(of.prototype) ? Object.values(Object.getOwnPropertyDescriptors(of.prototype)) : []
  const text = [of, ...methods.flatMap(({ value, get, set }) => [value as unknown, get, set]), ...each.values]
    .filter((part) => typeof part === "function")
    .map((part) => Function.prototype.toString.call(part))
    .join("\n")
  const kept = each.keys.map((key, i) => isObject(each.values[i]) || !writes(text, String(key)))
  return { ...each, keys: each.keys.filter((_, i) => kept[i]), values: each.values.filter((_, i) => kept[i]) }
}

const writes = (text: string, key: string): boolean => {
  if (!/^[\w$]+$/.test(key)) return false
  const member = String.raw`\.${key.replaceAll("$", String.raw`\$`)}\b`
  const after = String.raw`${member}\s*(\+\+|--|([-+*/%&|^]|\*\*|\?\?|\|\||&&)?=(?![=>]))`
  return new RegExp(String.raw`${after}|(\+\+|--)\s*[\w$.]*${member}`).test(text)
}

const isLarge = (of: object): boolean =>
  !ArrayBuffer.isView(of) && (Array.isArray(of) ? of : Reflect.ownKeys(of)).length > most

const isWhole = (of: object): boolean =>
  isPlain(of) ||
  types.isModuleNamespaceObject(of) ||
  types.isMap(of) ||
  types.isSet(of) ||
  types.isDate(of) ||
  types.isAnyArrayBuffer(of) ||
  ArrayBuffer.isView(of)

const partsOf = (of: object): ReadonlyArray<readonly [key: string | symbol, value: unknown]> => {
  if (ArrayBuffer.isView(of)) return []
  if (types.isMap(of))
    return [...of].flatMap(([key, value]) => [
      [format(key), value],
      ["keys", key],
    ])
  return Reflect.ownKeys(of).map((key) => [key, Reflect.getOwnPropertyDescriptor(of, key)?.value as unknown])
}
