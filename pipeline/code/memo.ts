// Keeps what earlier commands found about code and packages, in one file beside the store. A memo that cannot be read
// counts as an empty memo. A memo that cannot be written makes the next start slower. Knows nothing about how the
// entries were found.
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
/** The memo's entry for some code. */
export const Known = Schema.Struct({
  digest: Digest,
  /** The digest of the source map. */
  map: Digest,
  externals: Schema.Array(Schema.Struct({ specifier: Schema.String, from: Schema.String })),
  /** The specifiers that were resolved from each folder, and where each of them led. */
  asked: Schema.Array(
    Schema.Struct({
      by: Schema.Literals(["import", "require"]),
      specifier: Schema.String,
      folder: Schema.String,
      lead: Schema.String,
    }),
  ),
  /** The digest of each file, by its path from the project's root. */
  files: Files,
  /** By imported path: the file that the path led to, if the path has a symbolic link in it. */
  links: Schema.Record(Schema.String, Schema.String),
})
export type Known = typeof Known.Type
const Memo = Schema.fromJsonString(
  Schema.Struct({
    codes: Schema.Record(Schema.String, Known),
    folders: Schema.Record(
      Schema.String,
      Schema.Struct({
        stamp: Schema.String,
        directories: Schema.Array(Schema.String),
        files: Files,
        digest: Digest,
        version: Schema.String,
        needs: Schema.Array(Schema.String),
      }),
    ),
  }),
)
// A damaged memo could give a stage the code of another stage. The seal detects damage, and the code is bundled again.
export const memoKind = "fingerprints 6"

export interface Remembered {
  readonly codes: Map<string, Known>
  readonly folders: Map<string, KnownFolder>
}

/** Reads the memo in a file. */
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

// What is known about packages does not depend on the store. The file lies beside the packages, so both are moved or
// deleted together.
const besidePackages = (root: string): string => join(root, "node_modules/.cache/pipeline/packages.json")

/** Reads the entries for the packages of a project. */
export const readFolders = (root: string): Folders => readMemo(besidePackages(root)).folders

/** Writes the entries for the packages of a project, if the project has a node_modules folder. */
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

/** Writes the memo to a file, if the folder of the file exists. The memo must not create a deleted store again. */
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
