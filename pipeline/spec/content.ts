// What the engine hands to a spec's page: plain data, complete, with no reference to the engine. The page is
// drawn from this alone, so that a report can be redrawn without a run.
import type { Verdict } from "../check.ts"
import type { Table } from "../stage.ts"

export interface PageContent {
  readonly title: string
  readonly lead: ReadonlyArray<string>
  readonly source?: string
  /** How much of the spec is not here; absent where it is all here. */
  readonly leftOut?: { readonly figures: number; readonly claims: number; readonly nodes: number }
  readonly claims: ReadonlyArray<{
    readonly id: string
    readonly claim: string
    readonly source: string
    readonly published?: string
    readonly measured: number | null
    readonly spread: number | null
    /** At the scale of this page: "-1 ± 0.08". */
    readonly expected: string
    /** What it would take to fail, behind the word "fails": "outside -1.08 to -0.92". */
    readonly fails: string
    /** What is a difference that does not contradict the claim. */
    readonly differs?: string
    /** What is expected at other scales, where it is something else. */
    readonly elsewhere: ReadonlyArray<{ readonly scale: string; readonly expected: string }>
    readonly verdict: Verdict
    readonly declared?: { readonly verdict: Verdict; readonly reason: string }
    readonly asDeclared: boolean
    /** Some values of its interval would come out otherwise. */
    readonly undecided?: true
    /** Id of the figure that shows it. */
    readonly figure?: string
    readonly note?: string
  }>
  readonly figures: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly caption: string
    /** Vega-Lite. */
    readonly spec: unknown
    readonly claims: ReadonlyArray<string>
    readonly table?: string
  }>
  /** The nodes that came to an end; figures name them. */
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
    /** Of this run, and of all the runs that made what is shown. */
    readonly seconds: number
    readonly computeSeconds: number
    readonly stages: ReadonlyArray<{
      readonly name: string
      readonly nodes: number
      readonly seconds: number
      readonly peakMemory: number
    }>
    /**
     * What was taken over from older code without computing it again, a line for each word that was given and each
     * stage.
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
    /** Shows a node whose name, in quotes, is put behind it. */
    readonly show: string
    /** ISO 8601. */
    readonly date: string
  }
}

/** How a claim came out in one run. */
interface ClaimEnd {
  readonly measured: number | null
  readonly spread: number | null
  readonly verdict: Verdict
  readonly asDeclared: boolean
}

/** Everything that a page about two runs shows; what comes in twos is of the first and of the second. */
export interface ComparisonContent {
  readonly title: string
  /** By what a person called it, its id, when it began (for people) and how it ended. */
  readonly runs: readonly [RunShown, RunShown]
  /** Those that differ; null where a run has none of that name. */
  readonly settings: ReadonlyArray<{
    readonly name: string
    readonly before: string | null
    readonly after: string | null
  }>
  readonly claims: ReadonlyArray<{
    readonly id: string
    readonly claim: string
    readonly source: string
    readonly before: ClaimEnd | null
    readonly after: ClaimEnd | null
  }>
  readonly figures: ReadonlyArray<{
    readonly id: string
    readonly title: string
    readonly caption: string
    readonly specs: readonly [unknown, unknown]
  }>
  /** Figures that cannot be shown with both runs in them. */
  readonly left: ReadonlyArray<{ readonly id: string; readonly title: string; readonly why: string }>
}
interface RunShown {
  readonly name: string
  readonly run: string
  readonly began: string
  readonly ended: string
}
