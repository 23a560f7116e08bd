// Ranges and predictions that the claims of several sections name.

/** Of sqrt(h) alpha: where nets learn features, and where they are lazy. */
export const feature = { from: 1e-2, to: 1 }
export const lazy = { from: 1e3, to: 1e5 }
export const everywhere = { from: 0, to: 1e12 }
export const net = ["h", "replica"]

/** Runs that ended with some points unfitted: figures sign them with a cross, claims leave them out. */
export const unfitted = { field: "converged", equal: false, label: "not fitted" } as const

/** The powers that eq. 14 and appendix D predict for L hidden layers: of the kernel and of the weights. */
export const kernelPower = (depth: number): number => 2 / (1 + 1 / depth)
export const weightPower = (depth: number): number => 1 / (1 + depth)
