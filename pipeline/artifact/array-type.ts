// Which array of numbers is this, and can its numbers still be read? Of any realm, on shared memory or not, a whole
// buffer or a part of one. Refuses to know what the numbers are for.
import { hasItemsAlone } from "../../cache/plain.ts"
import type { Tensor } from "../stage.ts"

const { prototype } = Object.getPrototypeOf(Uint8Array) as { readonly prototype: Tensor["data"] }
const nameOf = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)!.get!

/**
 * The class of an array of numbers, "Float64Array" say. A Buffer is a Uint8Array; what is of a class of its own, or is
 * no array of numbers, has none. Throws a TypeError that calls the array `name` where its numbers are gone, or are not
 * all that it holds.
 */
export const typeOf = (array: unknown, name: string): string | undefined => {
  const type = nameOf.call(array) as string | undefined
  if (type === undefined) return undefined
  const numbers = array as Tensor["data"]
  const isOfItsOwnClass = !Object.hasOwn(Object.getPrototypeOf(numbers) as object, "BYTES_PER_ELEMENT")
  if (isOfItsOwnClass && !Buffer.isBuffer(numbers)) return undefined
  if (!isThere(numbers)) throw new TypeError(`the memory of ${name} was transferred or made smaller; give a copy`)
  if (!hasItemsAlone(numbers)) {
    throw new TypeError(`${name} has members besides its numbers, which would be lost; store them separately`)
  }
  return type
}

// Without memory an array has the length 0, as an empty one has.
const isThere = (numbers: Tensor["data"]): boolean => {
  if (numbers.length > 0) return true
  try {
    prototype.keys.call(numbers)
    return true
  } catch {
    return false
  }
}
