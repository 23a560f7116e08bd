// Guides beside the data: slopes, levels and published values. A reader compares the data with them.
// Knows nothing about the rows of the figure; a guide contains its own few numbers.
import { note, published } from "../palette.ts"
import { scaleOf, type Axis } from "./axis.ts"

/** A power law (on linear axes a straight line) through a point, drawn from `from` to `to` in x. */
export interface Slope {
  readonly kind: "slope"
  readonly slope: number
  readonly through: readonly [number, number]
  readonly from?: number
  readonly to?: number
  readonly label?: string
}
/** A horizontal (`y`) or vertical (`x`) line. */
export type Level =
  | { readonly kind: "level"; readonly x: number; readonly label?: string }
  | { readonly kind: "level"; readonly y: number; readonly label?: string }
/** Values read from a paper, drawn as open symbols. */
export interface Published {
  readonly kind: "published"
  readonly points: ReadonlyArray<readonly [number, number]>
  readonly label: string
}
export type Guide = Slope | Level | Published

/** The axes of the guide's panel, with their ranges. */
export interface Frame {
  readonly x: Axis
  readonly y: Axis
  readonly spanX: readonly [number, number]
  readonly spanY: readonly [number, number]
}

/** The published values among guides. */
export const publishedOf = (guides: ReadonlyArray<Guide>): ReadonlyArray<Published> =>
  guides.filter((guide) => guide.kind === "published")

/** The places of levels among guides, on one axis. */
export const levelsOf = (guides: ReadonlyArray<Guide>, axis: "x" | "y"): ReadonlyArray<number> =>
  guides.flatMap((guide) =>
    guide.kind === "level" && axis in guide ? [(guide as { x?: number; y?: number })[axis]!] : [],
  )

const quantitative = (field: string) => ({ field, type: "quantitative" })
const xy = { x: quantitative("x"), y: quantitative("y") }
const words = (text: string, dx: number, dy: number) => ({
  type: "text",
  text,
  dx,
  dy,
  align: dx < 0 ? "right" : "left",
  fontSize: 11,
  fontStyle: "italic",
  color: note.light,
  aria: false,
})

// Converts a value to its place on the axis, and back.
const forward = (axis: Axis, value: number): number => (scaleOf(axis) === "log" ? Math.log10(value) : value)
const back = (axis: Axis, place: number): number => (scaleOf(axis) === "log" ? 10 ** place : place)

// The part of a slope inside the panel. Without this cut the line would leave the frame.
const inside = ({ slope, through, from, to }: Slope, { x, y, spanX, spanY }: Frame) => {
  const [x0, y0] = [forward(x, through[0]), forward(y, through[1])]
  const reach = spanY
    .map((end) => (slope === 0 ? Number.NaN : x0 + (forward(y, end) - y0) / slope))
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
  const left = Math.max(forward(x, from ?? spanX[0]), forward(x, spanX[0]), reach[0] ?? -Infinity)
  const right = Math.min(forward(x, to ?? spanX[1]), forward(x, spanX[1]), reach[1] ?? Infinity)
  const at = (place: number) => ({
    x: Number(back(x, place).toPrecision(5)),
    y: Number(back(y, y0 + slope * (place - x0)).toPrecision(5)),
  })
  const along = (part: number) => at(left + part * (right - left))
  return left < right
    ? {
        ends: [at(left), at(right)],
        labelled: along(slope < 0 ? 1 / 3 : 2 / 3),
        triangle: [along(0.4), along(0.6)] as const,
      }
    : undefined
}

const slopeLayers = (guide: Slope, frame: Frame) => {
  const line = inside(guide, frame)
  if (line === undefined) return []
  const stroke = {
    data: { values: line.ends },
    mark: { type: "line", color: note.light, strokeWidth: 1.3, strokeDash: [5, 4], aria: false },
    encoding: xy,
  }
  const [from, to] = line.triangle
  // The triangle is below the line, because the label is above it.
  const corner = guide.slope < 0 ? { x: from.x, y: to.y } : { x: to.x, y: from.y }
  const legs = [from, corner, to].map((place, order) => ({ ...place, order }))
  const triangle = {
    data: { values: legs },
    mark: { type: "line", color: note.light, strokeWidth: 0.9, aria: false },
    encoding: { ...xy, order: quantitative("order") },
  }
  return guide.label === undefined
    ? [stroke]
    : [
        stroke,
        triangle,
        { data: { values: [line.labelled] }, mark: words(guide.label, guide.slope < 0 ? 8 : -8, -6), encoding: xy },
      ]
}

// An axis whose range is given may end before a level; the level is then not drawn.
const levelLayers = (guide: Level, { spanX, spanY }: Frame) => {
  const upright = "x" in guide
  const [at, [low, high]] = upright ? [guide.x, spanX] : [guide.y, spanY]
  if (at < low || at > high) return []
  const place = upright ? { x: { datum: guide.x } } : { y: { datum: guide.y } }
  const rule = {
    data: { values: [{}] },
    mark: { type: "rule", color: note.light, strokeDash: [2, 3], aria: false },
    encoding: place,
  }
  const corner = upright ? { y: { value: 12 } } : { x: { value: 8 } }
  return guide.label === undefined
    ? [rule]
    : [
        rule,
        {
          data: { values: [{}] },
          mark: words(guide.label, upright ? 5 : 0, upright ? 0 : -7),
          encoding: { ...corner, ...place },
        },
      ]
}

/** The layers of slopes and levels. They are drawn behind the data. */
export const guideLayers = (guides: ReadonlyArray<Guide>, frame: Frame): ReadonlyArray<object> =>
  guides.flatMap((guide): ReadonlyArray<object> =>
    guide.kind === "slope" ? slopeLayers(guide, frame) : guide.kind === "level" ? levelLayers(guide, frame) : [],
  )

const SIGNS = [
  { shape: "diamond", text: "◇" },
  { shape: "triangle-up", text: "△" },
  { shape: "square", text: "□" },
  { shape: "triangle-down", text: "▽" },
  { shape: "circle", text: "○" },
] as const

/**
 * The symbol of a list of published values, as a shape for the drawing and as a character for text. Each list has
 * another symbol; after five lists the symbols repeat.
 */
export const signOf = (index: number): (typeof SIGNS)[number] => SIGNS[index % SIGNS.length]!

/** The layers of published values. They are drawn over the data. */
export const publishedLayers = (guides: ReadonlyArray<Guide>, { x, y }: Frame): ReadonlyArray<object> =>
  publishedOf(guides).map(({ points, label }, i) => ({
    data: { values: points.map(([px, py]) => ({ x: px, y: py, source: label })) },
    mark: { type: "point", shape: signOf(i).shape, filled: false, size: 80, strokeWidth: 1.6, color: published.light },
    encoding: {
      ...xy,
      tooltip: [
        { field: "source", title: "published" },
        { ...xy.x, title: x.title, format: ".4~g" },
        { ...xy.y, title: y.title, format: ".4~g" },
      ],
    },
  }))
