// Reads the IDX format of MNIST and similar data sets: two zero bytes, the type (8 is unsigned byte), the rank, the
// sizes (32 bits, big endian), the data. Knows nothing about images or labels.
import { StageError } from "../../pipeline/stage.ts"

export interface Idx {
  readonly shape: ReadonlyArray<number>
  readonly data: Uint8Array
}

/** Reads unsigned bytes of any rank. Throws a StageError for anything else. */
export const readIdx = (bytes: Uint8Array, name: string): Idx => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 4 || view.getUint16(0) !== 0 || bytes[2] !== 8)
    throw invalid(`${name}: not an IDX file of unsigned bytes`)
  const rank = bytes[3]!
  if (bytes.length < 4 + 4 * rank)
    throw invalid(`${name}: ${bytes.length} bytes, but a header of rank ${rank} alone has ${4 + 4 * rank}`)
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
  const data = bytes.subarray(4 + 4 * rank)
  const size = shape.reduce((a, b) => a * b, 1)
  if (data.length !== size)
    throw invalid(`${name}: ${data.length} bytes of data, but the sizes ${shape.join("x")} need ${size}`)
  return { shape, data }
}

const invalid = (message: string): StageError => new StageError({ reason: "InvalidInput", message })
