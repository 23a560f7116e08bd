// What came of the claims on the page that a folder holds now: the version before the one that is drawn. Knows nothing
// about what the new page shows.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Option, Schema } from "effect"
import { digestOf } from "../../cache/digest.ts"
import { stateOf } from "../../cache/system-error.ts"
import { kinds, verdicts } from "../check.ts"
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
    config: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })),
    commit: Schema.optionalKey(Schema.Struct({ hash: Schema.String, dirty: Schema.Boolean })),
    claims: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        measured: Schema.NullOr(Schema.Finite),
        spread: Schema.NullOr(Schema.Finite),
        verdict: Verdict,
        kind: Schema.Literals(kinds),
        expected: Schema.String,
        stated: Schema.optionalKey(Schema.Finite),
        rival: Schema.optionalKey(Schema.String),
        differs: Schema.optionalKey(Schema.String),
        would: Schema.optionalKey(Verdict),
      }),
    ),
  }),
)

/**
 * The claims of the page in a folder. Undefined if there is no whole page, if a person changed its file, or if it was
 * made at another scale, where other numbers are no change.
 */
export const lastVersion = (
  directory: string,
  { shown, files }: Manifest,
  { scale, config }: PageContent["made"],
): PageContent["before"] => {
  const [path, digests] = [join(directory, file), files.get(file)]
  // Reading a pipe would never end.
  if (shown === null || digests === undefined || stateOf(path)?.isFile() !== true) return undefined
  const text = readFileSync(path, "utf8")
  if (!digests.includes(digestOf(text))) return undefined
  const last = Option.getOrUndefined(Schema.decodeOption(Claims)(text))
  if (last?.scale !== scale) return undefined
  const now = new Map(config.map(({ name, value }) => [name, value]))
  return {
    date: last.date,
    ...(last.commit === undefined ? {} : { commit: last.commit }),
    settings: last.config.flatMap(({ name, value }) => (now.get(name) === value ? [] : [name])),
    claims: last.claims,
  }
}
