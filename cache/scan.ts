// Reads a file and computes its digest in the same pass, so that the digest belongs to exactly the bytes that were
// read. Knows nothing about where a file belongs.
import { createHash } from "node:crypto"
import { constants, createReadStream } from "node:fs"
import { chmod, copyFile, open, type FileHandle } from "node:fs/promises"
import { digestOf, type Digest } from "./digest.ts"
import type { Outside } from "./outside.ts"
import { readRegular } from "./regular.ts"
import type { Blob } from "./store.ts"

const chunk = 1 << 20

/** Reads a small file in one blocking call. This is several times faster than a stream. */
export const readSmall = (path: string): { readonly bytes: Uint8Array; readonly digest: Digest } => {
  const bytes = readRegular(path)
  return { bytes, digest: digestOf(bytes) }
}

/** Reads a big file piece by piece, so that other fibers can run. */
export const readBig = async (path: string): Promise<{ readonly bytes: Uint8Array; readonly digest: Digest }> => {
  const pieces: Array<Uint8Array> = []
  const { digest } = await scan(path, (piece) => pieces.push(piece))
  return { bytes: Buffer.concat(pieces), digest }
}

/** Digests a big file without keeping its bytes. */
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

/** Digests an open file from outside. */
export const digestOutside = ({ file, seen }: Outside): Promise<Blob> => digesting(piecesOf(file, seen.size))

/** Copies an open file to a new file. Returns the digest and size of the new file. */
export const copy = async ({ file: from, path, seen }: Outside, to: string, mode: number): Promise<Blob> => {
  // On Linux the source is named by its descriptor, because the path may lead to another file by now.
  if (await cloned(process.platform === "linux" ? `/proc/self/fd/${from.fd}` : path, to)) {
    await chmod(to, mode)
    // The clone is digested, not its source, because the source may be written at the same time.
    return scan(to)
  }
  const file = await open(to, "w", mode)
  try {
    return await digesting(piecesOf(from, seen.size), (piece) => file.writeFile(piece))
  } finally {
    await file.close()
  }
}

// Reads at most one byte more than the known size, so that the reading of a growing file ends.
const piecesOf = async function* (file: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const piece = Buffer.allocUnsafe(chunk)
  for (let at = 0; at <= size;) {
    const { bytesRead } = await file.read(piece, 0, Math.min(chunk, size + 1 - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    yield piece.subarray(0, bytesRead)
  }
}

// Forced, because without force Node copies all bytes where the file system cannot share blocks, and digesting would
// read them again. If the source is at fault, the copy that follows fails and reports it.
const cloned = (from: string, to: string): Promise<boolean> =>
  copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  )
