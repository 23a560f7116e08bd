// Ranges and words that several sections use in their claims.
import type { Claim } from "../support/claims.ts"

/** Nets that did not fit their points within their epochs. Figures draw them as crosses; claims leave them out. */
export const unfitted = { field: "converged", equal: false, label: "not fitted" } as const

export const everywhere = { from: 0, to: 1e12 }

/** Where the rows of a figure come from: this run, or the whole sweep. */
export const origin = { field: "origin", title: "from" } as const

/** The change of the weights, relative to their start, below which this page calls training lazy. */
export const LAZY = 0.1

/**
 * Claims on a kept sweep. Their ids begin with `sweep-`, beside the same claims on the nets of this run. A sweep has
 * one net of each kind, so its numbers have no intervals, with which a rival could be excluded.
 */
export const onKept = (claims: ReadonlyArray<Claim>): ReadonlyArray<Claim> =>
  claims.map(({ rival: _rival, ...claim }) => ({
    ...claim,
    id: `sweep-${claim.id}`,
    claim: `Whole sweep, computed once and kept: ${claim.claim[0]!.toLowerCase()}${claim.claim.slice(1)}`,
  }))
