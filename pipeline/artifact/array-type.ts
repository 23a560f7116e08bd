// Finds the class of an array of numbers, and whether its numbers can still be read. The array may come from any realm,
// lie on shared memory, and be a part of a buffer. Knows nothing about what the numbers are for.
import { hasItemsAlone } from "../../cache/plain.ts"
import type { Tensor } from "../stage.ts"

const { prototype } = Object.getPrototypeOf(Uint8Array) as { readonly prototype: Tensor["data"] }
const nameOf = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)!.get!

/**
 * The name of the class of an array of numbers, such as "Float64Array". A Buffer counts as a Uint8Array. Undefined for
 * an array of a user's own class, and for anything that is no array of numbers. Throws a TypeError, which calls the
 * array `name`, if the array's memory is gone or if it has members besides its numbers.
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

// An array whose memory is gone has the length 0, and so has an empty array. Only `keys` tells them apart.
const isThere = (numbers: Tensor["data"]): boolean => {
  if (numbers.length > 0) return true
  try {
    prototype.keys.call(numbers)
    return true
  } catch {
    return false
  }
}
