// One question to the peer: arrays and params in, arrays out, through files.
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { inject, test } from "vitest"
import { codecs } from "../../pipeline/artifact/artifact.ts"
import type { Tensors } from "../../pipeline/stage.ts"
import { environment } from "./python.ts"

/** A test that is skipped where there is no PyTorch. */
export const peerTest = test.skipIf(inject("python") === null)

/** What `${program}.py` answers. */
export const ask = async (program: string, params: object, arrays: Tensors): Promise<Tensors> => {
  const directory = mkdtempSync(join(tmpdir(), "peer-"))
  try {
    const [given, answer] = ["given", "answer"].map((name) => join(directory, name)) as [string, string]
    writeFileSync(given, codecs.tensors.encode(arrays))
    await promisify(execFile)(
      inject("python")!,
      [fileURLToPath(new URL(`${program}.py`, import.meta.url)), JSON.stringify(params), given, answer],
      { env: environment },
    )
    return codecs.tensors.decode(readFileSync(answer)) as Tensors
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
