// Ranges and predictions that several sections use in their claims.

/** Ranges of sqrt(h) alpha: feature learning, the lazy regime, and all values. */
export const feature = { from: 1e-2, to: 1 }
export const lazy = { from: 1e3, to: 1e5 }
export const everywhere = { from: 0, to: 1e12 }
export const net = ["h", "replica"]

/** Runs that ended before all training points were fitted. Figures draw such a run as a cross; claims leave it out. */
export const unfitted = { field: "converged", equal: false, label: "not fitted" } as const

/**
 * The powers of the kernel change and of the weight change in 1/(sqrt(h) alpha), for L hidden layers. Source: eq. 14
 * and appendix D.
 */
export const kernelPower = (depth: number): number => 2 / (1 + 1 / depth)
export const weightPower = (depth: number): number => 1 / (1 + depth)

/**
 * The power of y in the width at fixed values of sqrt(h) alpha, those of `scales` in a range. It is 0 if the curves of
 * all widths coincide.
 */
export const ofWidth = (
  y: string,
  scales: ReadonlyArray<number>,
  { from, to }: { readonly from: number; readonly to: number },
) =>
  ({
    of: "power",
    x: "h",
    y,
    by: ["sqrtHAlpha", "replica"],
    where: { sqrtHAlpha: scales.filter((scale) => scale >= from && scale <= to) },
    ...everywhere,
  }) as const
