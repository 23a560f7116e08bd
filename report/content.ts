// The content of a page as plain data. The data is complete, so a report can be drawn again without a run.
// Knows nothing about the origin of the data.
import type { Columns } from "./figure/rows.ts"

/** The verdicts of the engine. `would` of a claim is the verdict that its value would have at another scale. */
export type Verdict = "agrees" | "excludes" | "open" | "differs" | "contradicts" | "not judged"

/** A sentence of the paper that a number judges. */
export interface Claim {
  readonly id: string
  /** A claim of the document, a prediction of its theory, or a check of our own. */
  readonly kind: "claim" | "prediction" | "own"
  readonly claim: string
  /** The place in the paper: "Fig. 3a". */
  readonly source: string
  readonly published?: string
  /** How the number is taken from the data. */
  readonly method?: string
  readonly measured: number | null
  /** The half-width of the interval of `measured`. */
  readonly spread: number | null
  /** The expectation at the scale of this page: "-1 ± 0.08". */
  readonly expected: string
  /** The values that make the claim fail, as the text after the word "fails": "outside -1.08 to -0.92". */
  readonly fails: string
  /** The values that differ from the expectation and do not contradict the claim. */
  readonly differs?: string
  /** The number that the claim states. */
  readonly stated?: number
  /** The value that the claim must exclude, as text: "0: no decay". */
  readonly rival?: string
  /** The expectations at other scales, if they are different. */
  readonly elsewhere: ReadonlyArray<{ readonly scale: string; readonly expected: string }>
  readonly verdict: Verdict
  /** The verdict that the value would have, where the claim is not judged at this scale. */
  readonly would?: Verdict
  /** A known disagreement and its reason. */
  readonly declared?: { readonly verdict: Verdict; readonly reason: string }
  readonly asDeclared: boolean
  /** The id of the figure that shows the claim. */
  readonly figure?: string
  /** The output that holds the measured number. */
  readonly from: { readonly node: string; readonly output: string; readonly key?: string }
  readonly note?: string
}

/** What came of the claims on the last version of the page. */
export interface LastVersion {
  /** ISO 8601. */
  readonly date: string
  readonly commit?: { readonly hash: string; readonly dirty: boolean }
  /** The names of the settings that had other values. */
  readonly settings: ReadonlyArray<string>
  readonly claims: ReadonlyArray<
    Pick<
      Claim,
      "id" | "measured" | "spread" | "verdict" | "would" | "kind" | "expected" | "stated" | "rival" | "differs"
    >
  >
}

/** A statement of the document: covered by claims, or not covered for a reason. */
export type Statement =
  | { readonly source: string; readonly statement: string; readonly claims: ReadonlyArray<string> }
  | { readonly source: string; readonly statement: string; readonly because: string }

/** What the text of the document says, what its program did, and the ids of the claims that measure which holds. */
export interface Account {
  readonly subject: string
  readonly text: string
  readonly program: string
  /** What follows from the measurements, in a sentence. */
  readonly finding: string
  readonly claims: ReadonlyArray<string>
}

/** A numbered figure of the page. */
export interface Shown {
  readonly id: string
  readonly title: string
  readonly caption: string
  /** A Vega-Lite specification from figure.ts. */
  readonly spec: unknown
  /** The ids of the claims below the figure. */
  readonly claims: ReadonlyArray<string>
  /** The name of the table that the figure draws. */
  readonly table?: string
}

/** How the results were made. */
export interface Made {
  readonly spec: string
  readonly scale: string
  readonly config: ReadonlyArray<{ readonly name: string; readonly value: string; readonly description: string }>
  readonly versions: ReadonlyArray<{ readonly name: string; readonly version: string }>
  readonly machine: ReadonlyArray<{ readonly name: string; readonly value: string }>
  readonly nodes: number
  readonly counts: {
    readonly hit: number
    readonly joined: number
    readonly run: number
    readonly failed: number
    readonly skipped: number
  }
  /** `seconds`: the time of this run. `computeSeconds`: the time of all runs that made the results on the page. */
  readonly seconds: number
  readonly computeSeconds: number
  /** `peakMemory` in bytes. */
  readonly stages: ReadonlyArray<{
    readonly name: string
    readonly nodes: number
    readonly seconds: number
    readonly peakMemory: number
  }>
  /** Results of older code that were accepted without a new run. One entry for each stage and each `accept` command. */
  readonly accepted: ReadonlyArray<{
    readonly stage: string
    readonly nodes: number
    readonly what: string
    readonly by: string
    readonly when: string
    readonly because: string
  }>
  /** An SVG drawing. The page contains it unchanged. */
  readonly graph: string
  readonly commands: ReadonlyArray<{ readonly text: string; readonly command: string }>
  /** The command that shows a node; the node's name, in quotes, is appended. */
  readonly show: string
  /** The command that computes a node again if something changed; the node's name, in quotes, is appended. */
  readonly rerun: string
  /** ISO 8601. */
  readonly date: string
  readonly commit?: { readonly hash: string; readonly dirty: boolean }
}

/** Everything a page shows. */
export interface PageContent {
  readonly title: string
  readonly lead: ReadonlyArray<string>
  /** The citation of the paper. */
  readonly source?: string
  /**
   * The number of figures, claims and nodes of the spec that the page leaves out. Absent if the page shows everything.
   */
  readonly leftOut?: { readonly figures: number; readonly claims: number; readonly nodes: number }
  /** What the document says, sentence by sentence. */
  readonly statements?: ReadonlyArray<Statement>
  readonly accounts?: ReadonlyArray<Account>
  readonly claims: ReadonlyArray<Claim>
  /** The last version of the page; absent if there is none that can be compared. */
  readonly before?: LastVersion
  readonly figures: ReadonlyArray<Shown>
  /** The nodes that finished. The figures refer to them by name. */
  readonly nodes: ReadonlyArray<{ readonly name: string; readonly key: string; readonly seconds: number }>
  readonly tables: ReadonlyArray<{ readonly name: string; readonly columns: Columns }>
  readonly made: Made
}

/** The result of a claim in one run. */
interface ClaimResult {
  readonly measured: number | null
  readonly spread: number | null
  readonly verdict: Verdict
  readonly asDeclared: boolean
}

/**
 * Everything that a page about two runs shows. Of each pair of values, one belongs to the first run and one to the
 * second.
 */
export interface ComparisonContent {
  readonly title: string
  /** For each run: the name that the user gave, the id, the start time (as text for people) and how the run ended. */
  readonly runs: readonly [RunShown, RunShown]
  /** The settings that differ. `null` if a run has no setting of this name. */
  readonly settings: ReadonlyArray<{
    readonly name: string
    readonly before: string | null
    readonly after: string | null
  }>
  readonly claims: ReadonlyArray<{
    readonly id: string
    readonly claim: string
    readonly source: string
    readonly before: ClaimResult | null
    readonly after: ClaimResult | null
  }>
  readonly figures: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly caption: string
    readonly specs: readonly [unknown, unknown]
  }>
  /** Figures that cannot show both runs. */
  readonly left: ReadonlyArray<{ readonly id: string; readonly title: string; readonly why: string }>
}
interface RunShown {
  readonly name: string
  readonly run: string
  readonly began: string
  readonly ended: string
}
