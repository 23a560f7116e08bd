// By which number is a claim judged? Quantities as data: what is taken from a table, and how. How each is computed is
// quantities.ts'. Apart from it, since a declaration must not load arquero.
import { Schema } from "effect"

const Value = Schema.Union([Schema.Finite, Schema.String, Schema.Boolean])
/**
 * Only the rows with these values; a list has any of its own. Of runs only those that converged, unless it says of
 * `converged`.
 */
export const Where = Schema.Record(Schema.String, Schema.Union([Value, Schema.Array(Value)]))
export type Where = typeof Where.Type

const Columns = Schema.Array(Schema.String)
const named = { name: Schema.String, where: Schema.optionalKey(Where) }
/** Columns x and y, rows with x in the range (ends included), one curve for each combination of `by`. */
const curves = { ...named, x: Schema.String, y: Schema.String, by: Columns, from: Schema.Finite, to: Schema.Finite }

const Scale = Schema.Literals(["log", "linear"])

export const Quantity = Schema.Union([
  /** The power by which y goes with x: fitted within each curve, a mean over curves. */
  Schema.Struct({ of: Schema.Literal("slope"), ...curves }),
  /**
   * At each x the ratio between the largest and the smallest curve, each a geometric mean over its rows; of these the
   * median.
   */
  Schema.Struct({ of: Schema.Literal("collapse"), ...curves }),
  /** Of the worst curve: how much larger its largest y is than its smallest, relative. */
  Schema.Struct({ of: Schema.Literal("variation"), ...curves }),
  /** The largest ratio of y between neighbours in x, of any curve; zeros are no neighbours. */
  Schema.Struct({ of: Schema.Literal("jump"), ...curves }),
  /** Spearman's rank correlation of y with x, a mean over curves. */
  Schema.Struct({ of: Schema.Literal("rank"), ...curves }),
  /** The slope of the rows `minuend` less that of the rows `subtrahend`. */
  Schema.Struct({ of: Schema.Literal("slope difference"), ...curves, minuend: Where, subtrahend: Where }),
  /**
   * Where a curve first passes `level`, between points on a straight line over log x (of log y, or of y): a geometric
   * mean over curves.
   */
  Schema.Struct({ of: Schema.Literal("crossing"), level: Schema.Finite, scale: Scale, ...curves }),
  /** The largest of those places over the smallest. */
  Schema.Struct({ of: Schema.Literal("crossings"), level: Schema.Finite, scale: Scale, ...curves }),
  Schema.Struct({ of: Schema.Literals(["mean", "largest", "smallest"]), ...named, y: Schema.String }),
  /**
   * y of the rows `minuend` less y of the rows `subtrahend` (or its size, or their ratio), a mean over pairs that agree
   * in `by`, or the least of them; several rows of a pair are averaged first.
   */
  Schema.Struct({
    of: Schema.Literals(["difference", "distance", "ratio", "least difference"]),
    ...named,
    y: Schema.String,
    by: Columns,
    minuend: Where,
    subtrahend: Where,
  }),
  /** Spearman's rank correlation of such differences with the first column of `by`. */
  Schema.Struct({
    of: Schema.Literal("trend"),
    ...named,
    y: Schema.String,
    by: Columns,
    minuend: Where,
    subtrahend: Where,
  }),
  /** How many rows there are. */
  Schema.Struct({ of: Schema.Literal("count"), ...named }),
])
export type Quantity = typeof Quantity.Type
