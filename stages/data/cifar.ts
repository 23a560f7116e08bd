// Reads the binary format of CIFAR-10: for each image a byte for its class, then 32 x 32 red, green and blue bytes,
// plane by plane. Knows nothing about how the images are used.
import { StageError } from "../../pipeline/stage.ts"
import type { Pictures } from "./pictures.ts"

const [SIDE, CHANNELS] = [32, 3]
const PIXELS = SIDE * SIDE
const RECORD = 1 + CHANNELS * PIXELS

/** The images of one batch. Throws a StageError if the file is not such a batch. */
export const readCifar = (bytes: Uint8Array, name: string): Pictures => {
  if (bytes.length === 0 || bytes.length % RECORD !== 0)
    throw new StageError({
      reason: "InvalidInput",
      message: `${name}: ${bytes.length} bytes, but images of CIFAR-10 take ${RECORD} each`,
    })
  const count = bytes.length / RECORD
  const labels = Uint8Array.from({ length: count }, (_, i) => bytes[i * RECORD]!)
  const pixels = new Uint8Array(count * CHANNELS * PIXELS)
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < PIXELS; k++) {
      for (let c = 0; c < CHANNELS; c++)
        pixels[(i * PIXELS + k) * CHANNELS + c] = bytes[i * RECORD + 1 + c * PIXELS + k]!
    }
  }
  return { side: SIDE, channels: CHANNELS, pixels, labels }
}
