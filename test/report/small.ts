// The smallest table that has all a figure shows: two places on an axis, and two replicas at each.
export const x = { field: "alpha", title: "α" }
export const y = { field: "change", title: "change" }
export const data = { alpha: [1, 1, 10, 10], replica: [0, 1, 0, 1], change: [1, 100, 0.012345678, 0.012345678] }
