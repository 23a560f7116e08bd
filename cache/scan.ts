// What is in this file, and what is its digest? Both are found in one reading, so that no other bytes can slip
// in between. Knows nothing of where a file belongs.
import { createHash } from "node:crypto"
import { constants, createReadStream } from "node:fs"
import { chmod, copyFile, open, type FileHandle } from "node:fs/promises"
import { digestOf, type Digest } from "./digest.ts"
import type { Outside } from "./outside.ts"
import { readRegular } from "./regular.ts"
import type { Blob } from "./store.ts"

const chunk = 1 << 20

/** Reads a small file at once, blocking: several times faster than a stream. */
export const readSmall = (path: string): { readonly bytes: Uint8Array; readonly digest: Digest } => {
  const bytes = readRegular(path)
  return { bytes, digest: digestOf(bytes) }
}

/** Reads a big file piece by piece, so that other fibers run meanwhile. */
export const readBig = async (path: string): Promise<{ readonly bytes: Uint8Array; readonly digest: Digest }> => {
  const pieces: Array<Uint8Array> = []
  const { digest } = await scan(path, (piece) => pieces.push(piece))
  return { bytes: Buffer.concat(pieces), digest }
}

/** Digests a big file without keeping it. */
export const scan = (path: string, use?: (piece: Uint8Array) => unknown): Promise<Blob> =>
  digesting(createReadStream(path, { highWaterMark: chunk }), use)

const digesting = async (
  pieces: AsyncIterable<Uint8Array>,
  use: (piece: Uint8Array) => unknown = () => undefined,
): Promise<Blob> => {
  const hash = createHash("sha256")
  let size = 0
  for await (const piece of pieces) {
    hash.update(piece)
    size += piece.length
    await use(piece)
  }
  return { digest: hash.digest("hex") as Digest, size }
}

/** Digests a file from outside that is open. */
export const digestOutside = ({ file, seen }: Outside): Promise<Blob> => digesting(piecesOf(file, seen.size))

/** Copies an open file of so many bytes to a new one and says what arrived there. */
export const copy = async ({ file: from, path, seen }: Outside, to: string, mode: number): Promise<Blob> => {
  // By its number, where the system has such names: the path may lead to something else by now.
  if (await cloned(process.platform === "linux" ? `/proc/self/fd/${from.fd}` : path, to)) {
    await chmod(to, mode)
    // The clone is digested, not its source: the source may be written meanwhile.
    return scan(to)
  }
  const file = await open(to, "w", mode)
  try {
    return await digesting(piecesOf(from, seen.size), (piece) => file.writeFile(piece))
  } finally {
    await file.close()
  }
}

// One byte more than there were: what grows while it is read has an end.
const piecesOf = async function* (file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const piece = Buffer.allocUnsafe(chunk)
  for (let at = 0; at <= size;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(chunk, size + 1 - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield piece.subarray(0, bytesRead)
  }
}

// Forced, because the unforced form reads and writes everything where the file system cannot share blocks, and
// digesting would read it again. Whatever is wrong with the source shows in the copy that follows.
const cloned = (from: string, to: string): Promise<boolean> =>
  copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  )
