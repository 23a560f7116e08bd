// The quantities that claims are judged by, as data: what is taken from a table, and how. quantities.ts computes them;
// the files are apart, since a declaration must not load arquero. Knows nothing about how a quantity is computed.
import { Schema } from "effect"

const Value = Schema.Union([Schema.Finite, Schema.String, Schema.Boolean])
/**
 * Only the rows that have these values; for a list, any value of the list. Only runs that converged are kept, unless
 * `converged` is one of the columns named here.
 */
export const Where = Schema.Record(Schema.String, Schema.Union([Value, Schema.Array(Value)]))
export type Where = typeof Where.Type

const Columns = Schema.Array(Schema.String)
const named = { name: Schema.String, where: Schema.optionalKey(Where) }
/** Columns x and y, rows with x in the range (ends included). Each combination of `by` is one curve. */
const curves = { ...named, x: Schema.String, y: Schema.String, by: Columns, from: Schema.Finite, to: Schema.Finite }

const level = {
  level: Schema.Finite,
  direction: Schema.Literals(["rising", "falling"]),
  scale: Schema.Literals(["log", "linear"]),
}

export const Quantity = Schema.Union([
  /** The exponent p of y ~ x^p: fitted within each curve, then averaged over curves. */
  Schema.Struct({ of: Schema.Literal("slope"), ...curves }),
  /**
   * The exponent p of y ~ x^p where the nets at different x are different draws. Log y is averaged within each net,
   * then over the nets at each x, and p is fitted to these means. The interval is Welch's: each x has its own variance.
   */
  Schema.Struct({ of: Schema.Literal("power"), ...curves }),
  /**
   * At each x, the ratio between the largest and the smallest curve (each a geometric mean over its rows). The quantity
   * is the median of these ratios.
   */
  Schema.Struct({ of: Schema.Literal("collapse"), ...curves }),
  /** For the worst curve: (largest y) / (smallest y) - 1. */
  Schema.Struct({ of: Schema.Literal("variation"), ...curves }),
  /** The largest ratio of y between neighbours in x, over all curves. Points with y = 0 are not used. */
  Schema.Struct({ of: Schema.Literal("jump"), ...curves }),
  /** Spearman's rank correlation of y with x, averaged over curves. */
  Schema.Struct({ of: Schema.Literal("rank"), ...curves }),
  /** The slope of the rows `minuend` minus the slope of the rows `subtrahend`. */
  Schema.Struct({ of: Schema.Literal("slope difference"), ...curves, minuend: Where, subtrahend: Where }),
  /**
   * The x where a curve first passes `level` in the given direction, on a straight line between points: log y over
   * log x, or log x over y. A geometric mean over curves.
   */
  Schema.Struct({ of: Schema.Literal("crossing"), ...level, ...curves }),
  /** The power of the crossing in the first column of `by`, fitted as "power" is. */
  Schema.Struct({ of: Schema.Literal("crossing power"), ...level, ...curves }),
  /** The largest of those crossings divided by the smallest. */
  Schema.Struct({ of: Schema.Literal("crossings"), ...level, ...curves }),
  Schema.Struct({ of: Schema.Literals(["mean", "largest", "smallest"]), ...named, y: Schema.String }),
  /**
   * y of the rows `minuend` minus y of the rows `subtrahend` (or the absolute value of this, or the ratio of the two),
   * averaged over pairs that agree in `by`. Several rows of a pair are averaged first.
   */
  Schema.Struct({
    of: Schema.Literals(["difference", "distance", "ratio"]),
    ...named,
    y: Schema.String,
    by: Columns,
    minuend: Where,
    subtrahend: Where,
  }),
  /**
   * Spearman's rank correlation of such differences with the first column of `by` ("trend"), or the power of the
   * differences in this column. The power is not a number if a difference is not positive.
   */
  Schema.Struct({
    of: Schema.Literals(["trend", "difference power"]),
    ...named,
    y: Schema.String,
    by: Columns,
    minuend: Where,
    subtrahend: Where,
  }),
  /**
   * y of the row with sample 0. Its interval is 1.96 standard deviations of y over the other samples (the bootstrap
   * with a normal interval).
   */
  Schema.Struct({ of: Schema.Literal("bootstrapped"), ...named, y: Schema.String }),
  /** The number of rows. */
  Schema.Struct({ of: Schema.Literal("count"), ...named }),
])
export type Quantity = typeof Quantity.Type
