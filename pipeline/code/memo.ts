// What earlier commands found of code and packages, in one file beside the store. A memo that cannot be read is as good
// as none, and one that cannot be written makes the next start slower. Refuses to know how anything was found.
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { Option, Schema } from "effect"
import { makeDirectory, replace } from "../../cache/atomic.ts"
import { systemCode } from "../../cache/system-error.ts"
import { Digest } from "../../cache/digest.ts"
import { readRegular } from "../../cache/regular.ts"
import { seal, unseal } from "../../cache/seal.ts"
import type { KnownFolder } from "./packages.ts"

const Files = Schema.Record(Schema.String, Digest)
/** What is known of some code. */
export const Known = Schema.Struct({
  digest: Digest,
  /** Of the way back to the files. */
  map: Digest,
  externals: Schema.Array(Schema.Struct({ specifier: Schema.String, from: Schema.String })),
  /** What was asked of which folder, and where it led. */
  asked: Schema.Array(
    Schema.Struct({
      by: Schema.Literals(["import", "require"]),
      specifier: Schema.String,
      folder: Schema.String,
      lead: Schema.String,
    }),
  ),
  /** Path from the project's root to the digest of the file. */
  files: Files,
  /** Path that an import names to the file it led to, where a link is on the way. */
  links: Schema.Record(Schema.String, Schema.String),
})
export type Known = typeof Known.Type
const Memo = Schema.fromJsonString(
  Schema.Struct({
    codes: Schema.Record(Schema.String, Known),
    folders: Schema.Record(
      Schema.String,
      Schema.Struct({ stamp: Schema.String, directories: Schema.Array(Schema.String), files: Files }),
    ),
  }),
)
// A changed bit would give a stage the code of another: what is not as it was written is bundled again.
const memoKind = "fingerprints 5"

export interface Remembered {
  readonly codes: Map<string, Known>
  readonly folders: Map<string, KnownFolder>
}

/** What the memo in a file says. */
export const readMemo = (file: string): Remembered => {
  const { codes, folders } = memoIn(file)
  return { codes: new Map(Object.entries(codes)), folders: new Map(Object.entries(folders)) }
}

const memoIn = (
  file: string,
): {
  readonly codes: { readonly [id: string]: Known }
  readonly folders: { readonly [folder: string]: KnownFolder }
} => {
  try {
    return Option.getOrElse(
      Option.map(unseal(memoKind, readRegular(file).toString()), Schema.decodeSync(Memo)),
      () => none,
    )
  } catch {
    return none
  }
}
const none = { codes: {}, folders: {} }

type Folders = Remembered["folders"]

// What is known of the packages of a project, whichever its store: it lies with them, and goes where they go.
const besidePackages = (root: string): string => join(root, "node_modules/.cache/pipeline/packages.json")

/** What is known of the packages of a project. */
export const readFolders = (root: string): Folders => readMemo(besidePackages(root)).folders

/** Writes what is known of the packages of a project, where it has a folder for them. */
export const writeFolders = (root: string, folders: Folders): void => {
  if (!existsSync(join(root, "node_modules"))) return
  const file = besidePackages(root)
  try {
    makeDirectory(dirname(file))
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
    return
  }
  writeMemo(file, { codes: new Map(), folders: new Map([...readFolders(root), ...folders]) })
}

/** Writes the memo into a file. A store that has gone does not come to be anew by its memo. */
export const writeMemo = (file: string, { codes, folders }: Remembered): void => {
  if (!existsSync(dirname(file))) return
  try {
    replace(
      file,
      seal(
        memoKind,
        Schema.encodeSync(Memo)({ codes: Object.fromEntries(codes), folders: Object.fromEntries(folders) }),
      ),
    )
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
  }
}
