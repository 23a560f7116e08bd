// The colours of series. Each colour has two forms, one for a white page and one for a nearly black page. The colours
// are safe for colour-blind readers.
// Knows nothing about marks and pages. It is separate from theme.ts because stages import it: a larger font must not
// redraw a figure.

/** One colour on a light page and on a dark page. */
export interface Ink {
  readonly light: string
  readonly dark: string
}

/** Colours of unordered series, after Okabe and Ito. */
export const category: ReadonlyArray<Ink> = [
  { light: "#0072b2", dark: "#5aaeea" },
  { light: "#d55e00", dark: "#ff8a45" },
  { light: "#008f68", dark: "#35c59a" },
  { light: "#b0579a", dark: "#e28fcb" },
  { light: "#a67c00", dark: "#e0b93c" },
  { light: "#5b6570", dark: "#b4bdc7" },
]

/**
 * Colours of ordered series, from dark to bright like plasma. The ramp ends before the colours are too pale for white
 * paper.
 */
export const order: ReadonlyArray<Ink> = [
  { light: "#1b1e9e", dark: "#7f7dff" },
  { light: "#5108a6", dark: "#9f6fff" },
  { light: "#7f08a6", dark: "#c062f0" },
  { light: "#a5219a", dark: "#dc62cf" },
  { light: "#c53c80", dark: "#ef6ba6" },
  { light: "#de5c62", dark: "#fb8176" },
  { light: "#ee7f45", dark: "#fda55a" },
  { light: "#dd9000", dark: "#fbd04a" },
]

/** The colour of guides and other notes behind the data. */
export const note: Ink = { light: "#6b7480", dark: "#98a2ae" }
/** The colour of published values, which are drawn over the data. */
export const published: Ink = { light: "#16191d", dark: "#eef1f4" }

/** `count` colours of the light page, spread evenly over the ordered ramp. */
export const ramp = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => {
    const place = count === 1 ? 0 : Math.round((index * (order.length - 1)) / (count - 1))
    return order[place]!.light
  })

/**
 * Colours of matrix entries from smallest to largest. The scale resembles cividis: it also works for colour-blind
 * readers and in grey.
 */
export const matrixScheme: ReadonlyArray<string> = ["#00204d", "#31446b", "#666970", "#958f78", "#cbba69", "#ffea46"]
