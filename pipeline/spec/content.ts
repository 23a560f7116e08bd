// The content that the engine gives to a spec's page: complete plain data, with no reference to the engine. The page is
// drawn from this data alone, so that a report can be redrawn without a run.
import type { Kind, Verdict } from "../check.ts"
import type { Table } from "../stage.ts"

export interface PageContent {
  readonly title: string
  readonly lead: ReadonlyArray<string>
  readonly source?: string
  /** How much of the spec this page leaves out; absent if it leaves out nothing. */
  readonly leftOut?: { readonly figures: number; readonly claims: number; readonly nodes: number }
  readonly claims: ReadonlyArray<{
    readonly id: string
    readonly kind: Kind
    readonly claim: string
    readonly source: string
    readonly published?: string
    /** How the number is taken from the data. */
    readonly method?: string
    readonly measured: number | null
    readonly spread: number | null
    /** The expectation at the scale of this page: "-1 ± 0.08". */
    readonly expected: string
    /** The values that fail, as a text to follow the word "fails": "outside -1.08 to -0.92". */
    readonly fails: string
    /** The values that count as a difference, but do not contradict the claim. */
    readonly differs?: string
    /** The number that the claim states. */
    readonly stated?: number
    /** The value that the claim must exclude: "0: no decay". */
    readonly rival?: string
    /** The expectations at other scales, if they differ. */
    readonly elsewhere: ReadonlyArray<{ readonly scale: string; readonly expected: string }>
    readonly verdict: Verdict
    /** The verdict that the value would have, if the claim is not judged at this scale. */
    readonly would?: Verdict
    readonly declared?: { readonly verdict: Verdict; readonly reason: string }
    readonly asDeclared: boolean
    /** Id of the figure that shows the claim. */
    readonly figure?: string
    /** The output that holds the measured number; the key is absent if its node has not ended well. */
    readonly from: { readonly node: string; readonly output: string; readonly key?: string }
    readonly note?: string
  }>
  /** The claims on the last version of the page; absent if there is none, or if it shows another scale. */
  readonly before?: {
    /** ISO 8601. */
    readonly date: string
    readonly commit?: { readonly hash: string; readonly dirty: boolean }
    /** The names of the settings that had other values. */
    readonly settings: ReadonlyArray<string>
    readonly claims: ReadonlyArray<{
      readonly id: string
      readonly measured: number | null
      readonly spread: number | null
      readonly verdict: Verdict
      readonly would?: Verdict
      readonly kind: Kind
      readonly expected: string
      readonly stated?: number
      readonly rival?: string
      readonly differs?: string
    }>
  }
  /** What the document says, sentence by sentence, with the claims that cover it or why none does. */
  readonly statements?: ReadonlyArray<Statement>
  /** Where the text, the program and the measurements are compared. */
  readonly accounts?: ReadonlyArray<Account>
  readonly figures: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly caption: string
    /** Vega-Lite. */
    readonly spec: unknown
    readonly claims: ReadonlyArray<string>
    readonly table?: string
  }>
  /** The nodes that have ended. Figures refer to their names. */
  readonly nodes: ReadonlyArray<{ readonly name: string; readonly key: string; readonly seconds: number }>
  readonly tables: ReadonlyArray<{ readonly name: string; readonly columns: Table }>
  readonly made: {
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
    /** `seconds` is the time of this run; `computeSeconds` is the time of all runs that made what the page shows. */
    readonly seconds: number
    readonly computeSeconds: number
    readonly stages: ReadonlyArray<{
      readonly name: string
      readonly nodes: number
      readonly seconds: number
      readonly peakMemory: number
    }>
    /**
     * Results of older code that were accepted without computing them again: one entry for each acceptance and stage.
     */
    readonly accepted: ReadonlyArray<{
      readonly stage: string
      readonly nodes: number
      readonly what: string
      readonly by: string
      readonly when: string
      readonly because: string
    }>
    /** The folded graph as SVG. */
    readonly graph: string
    readonly commands: ReadonlyArray<{ readonly text: string; readonly command: string }>
    /** A command that shows a node, when the node's name in quotes is added to it. */
    readonly show: string
    /** A command that computes a node and all that it needs, when the node's name in quotes is added to it. */
    readonly rerun: string
    /** ISO 8601. */
    readonly date: string
    /** The commit of the project when the page was drawn; absent without git. */
    readonly commit?: { readonly hash: string; readonly dirty: boolean }
  }
}

/** A statement of the document: covered by claims, or not covered for a reason. */
export type Statement =
  | { readonly source: string; readonly statement: string; readonly claims: ReadonlyArray<string> }
  | { readonly source: string; readonly statement: string; readonly because: string }

/** What the text of a document says, what its program did, and the claims that measure which of the two holds. */
export interface Account {
  /** What the row is about, in a few words. */
  readonly subject: string
  readonly text: string
  readonly program: string
  /** What follows from the measurements, in a sentence; the numbers come from the claims. */
  readonly finding: string
  /** The ids of the checks that measure it. */
  readonly claims: ReadonlyArray<string>
}

/** The result of a claim in one run. */
interface ClaimResult {
  readonly measured: number | null
  readonly spread: number | null
  readonly verdict: Verdict
  readonly asDeclared: boolean
}

/** The content of a page about two runs. Pairs hold the value of the first run, then that of the second. */
export interface ComparisonContent {
  readonly title: string
  /** For each run: the name that the user gave, its id, when it began (a text for people) and how it ended. */
  readonly runs: readonly [RunShown, RunShown]
  /** The settings that differ; null if a run has no setting of that name. */
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
