// What came of the claims on the page that a folder holds now: the version before the one that is drawn. Knows nothing
// about what the new page shows.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Option, Schema } from "effect"
import { digestOf } from "../../cache/digest.ts"
import { verdicts } from "../check.ts"
import type { PageContent } from "../spec/content.ts"
import type { Manifest } from "./manifest.ts"

/** The file in which a page keeps its claims as data. */
const file = "claims.json"

const Verdict = Schema.Literals(verdicts)
/** The parts of the file that are read here. */
const Claims = Schema.fromJsonString(
  Schema.Struct({
    v: Schema.Literal(1),
    scale: Schema.String,
    date: Schema.String,
    commit: Schema.optionalKey(Schema.Struct({ hash: Schema.String, dirty: Schema.Boolean })),
    claims: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        measured: Schema.NullOr(Schema.Finite),
        interval: Schema.NullOr(Schema.Tuple([Schema.Finite, Schema.Finite])),
        verdict: Verdict,
        would: Schema.optionalKey(Verdict),
      }),
    ),
  }),
)

/**
 * The claims of the page in a folder. Undefined if there is no such page, if a person changed its file, or if it was
 * made at another scale, where other numbers are no change.
 */
export const lastVersion = (directory: string, { files }: Manifest, scale: string): PageContent["before"] => {
  const digests = files.get(file)
  const text = digests === undefined ? undefined : readIfThere(join(directory, file))
  if (text === undefined || !digests!.includes(digestOf(text))) return undefined
  const last = Option.getOrUndefined(Schema.decodeOption(Claims)(text))
  if (last?.scale !== scale) return undefined
  return {
    date: last.date,
    ...(last.commit === undefined ? {} : { commit: last.commit }),
    claims: last.claims.map(({ interval, ...claim }) => ({
      ...claim,
      spread: interval === null ? null : (interval[1] - interval[0]) / 2,
    })),
  }
}

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return undefined
  }
}
