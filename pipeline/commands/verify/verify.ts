// `pipeline verify SPEC`: runs done nodes again, and compares the new outputs with the stored outputs. Knows nothing
// about how outputs are compared.
import { Effect } from "effect"
import { beAtWork } from "../../../cache/live.ts"
import { exitCode, worst, type ExitCode } from "../../error.ts"
import { Events } from "../../event.ts"
import type { Limits } from "../../run/context.ts"
import { sample, type Size } from "../../verify/sample.ts"
import type { Patterns } from "../../plan/select.ts"
import { codesOf, hitsAmong, verify, type Hit, type Verified } from "../../verify/verify.ts"
import { choose, everything } from "../choose.ts"
import type { LookOptions } from "../look.ts"
import { currentResults } from "../current-results.ts"

/** How nodes are verified. */
export interface Drawing {
  readonly sample: Size
  /** Another seed draws another sample. */
  readonly seed: number
  /** Replaces the tolerances of the output kinds. */
  readonly tolerance: number | undefined
  /** Receives a function that ends the work gently, as soon as this is possible. */
  readonly onDrain: (drain: () => void) => void
}

export interface VerifyOptions extends LookOptions, Limits, Drawing, Pick<Patterns, "until" | "only"> {}

/**
 * 1. finds the nodes that are done, and selects the part that is asked for;
 * 2. verifies a sample of them.
 */
export const verifyCommand = Effect.fn("verifyCommand")(function* (options: VerifyOptions) {
  yield* beAtWork
  const found = yield* currentResults(options) // 1
  const { plan, context } = yield* choose(
    found.loaded.plan,
    { ...everything, until: options.until, only: options.only },
    found,
  )
  const wanted = plan.nodes.filter((node) => node._tag === "StageNode" && !context.leftOut.has(node))
  const hits = hitsAmong(wanted, found.settled)
  const verified = yield* verifySample(found, hits, wanted.length - hits.length, options) // 2
  return worst(codesOfSample(verified, wanted.length))
}, Effect.scoped)

/** Verifies a sample of hits (with events like a run), and reports a summary. */
export const verifySample = Effect.fn("verifySample")(function* (
  found: Effect.Success<ReturnType<typeof currentResults>>,
  hits: ReadonlyArray<Hit>,
  unmade: number,
  options: Drawing,
) {
  const started = performance.now()
  const events = yield* Events
  options.onDrain(() => {
    found.drain()
    Effect.runFork(events.tell({ _tag: "Draining" }))
  })
  const drawn = sample(hits, options.sample, options.seed)
  const expectedSeconds = new Map(Array.from(found.history, ([node, { seconds }]) => [node, seconds]))
  yield* events.tell({ _tag: "RunStarted", spec: found.loaded.path, nodes: drawn.length, expectedSeconds })
  const verified = yield* verify(drawn, found.settled, found.context, options.tolerance)
  const counts = { ...countsOf(verified), unsampled: hits.length - drawn.length, unmade }
  yield* events.tell({ _tag: "VerifyDone", counts, seconds: (performance.now() - started) / 1000 })
  return verified
})

/**
 * The exit codes for a sample. `wanted` is the number of nodes asked for. A check that verified nothing must not
 * succeed.
 */
export const codesOfSample = (verified: ReadonlyArray<Verified>, wanted: number): ReadonlyArray<ExitCode> => {
  const nothing = wanted > 0 && verified.every((each) => each._tag === "NodeUnverifiable")
  return [...codesOf(verified), ...(nothing ? [exitCode.workFound] : [])]
}

const countsOf = (verified: ReadonlyArray<Verified>) => {
  const counts = { same: 0, differs: 0, failed: 0, unverifiable: 0, skipped: 0 }
  for (const each of verified) {
    switch (each._tag) {
      case "NodeVerified":
        counts[each.differs.length === 0 ? "same" : "differs"]++
        break
      case "NodeUnverifiable":
        counts.unverifiable++
        break
      case "NodeFailed":
        counts.failed++
        break
      case "NodeSkipped":
        counts.skipped++
    }
  }
  return counts
}
