// Figures that look like the real ones: scaling laws with noise, made from formulas, the same each time.
import { figure, type Figure } from "../../report/figure.ts"
import type { Columns, Value } from "../../report/figure/rows.ts"

// Spread that looks random and is not: the fractional part of a large sine.
const jitter = (...parts: ReadonlyArray<number>): number => {
  const wave = Math.sin(parts.reduce((sum, part, index) => sum + part * (12.9898 + 65.233 * index), 0.5)) * 43758.5453
  return wave - Math.floor(wave) - 0.5
}

const columnsOf = (rows: ReadonlyArray<Readonly<Record<string, Value>>>): Columns =>
  Object.fromEntries(Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name]!)]))

export const scaled = [0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5]

const trained = (labels: Readonly<Record<string, number>>): string =>
  `train/${Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",")}`

// A grid of runs: eight √hα, two widths, two depths, three replicas.
export const grid = columnsOf(
  scaled.flatMap((sqrtHAlpha) =>
    [50, 100].flatMap((width) =>
      [2, 5].flatMap((depth) =>
        [0, 1, 2].map((replica) => {
          const noise = (salt: number): number =>
            10 ** (0.35 * jitter(Math.log10(sqrtHAlpha), width, depth, replica, salt))
          const feature = depth === 5 ? 1.67 : 1.33
          return {
            sqrtHAlpha,
            width,
            depth,
            replica,
            node: trained({ sqrtHAlpha, width, depth, replica }),
            alpha: sqrtHAlpha / Math.sqrt(width),
            change: (noise(1) * 40) / (sqrtHAlpha ** feature + 0.8 * sqrtHAlpha * (depth === 5 ? 1 : 0.5)),
            moved: noise(2) / (sqrtHAlpha ** 0.23 * (1 + sqrtHAlpha / 8)),
            halved: (noise(3) * sqrtHAlpha) / (1 + sqrtHAlpha / 6),
            fitted: (noise(4) * 12 * sqrtHAlpha ** 1.5) / (1 + (sqrtHAlpha / 200) ** 1.5),
            error: 0.078 + 0.012 / (1 + 30 / sqrtHAlpha) + 0.004 * jitter(sqrtHAlpha, width, depth, replica),
          }
        }),
      ),
    ),
  ),
)

// Loss against time for each √hα, in both regimes.
export const curves = columnsOf(
  scaled.flatMap((sqrtHAlpha) =>
    Array.from({ length: 120 }, (_, step) => {
      const unit = sqrtHAlpha / (1 + sqrtHAlpha / 6)
      const time = unit * 10 ** (-3 + step / 30)
      return {
        sqrtHAlpha,
        node: trained({ sqrtHAlpha, width: 100, depth: 5, replica: 0 }),
        time,
        scaledTime: time / sqrtHAlpha,
        loss: Math.exp(-((time / unit) ** (0.9 + 0.1 * Math.log10(1 + sqrtHAlpha)))) + 1e-6,
      }
    }),
  ),
)

const axis = {
  alpha: { field: "alpha", title: "α" },
  scaled: { field: "sqrtHAlpha", title: "√h α" },
  change: { field: "change", title: "‖Θ(w) − Θ(w₀)‖ / ‖Θ(w₀)‖" },
} as const
const width = { field: "width", title: "h" }
const depth = { field: "depth", title: "L" }

/** The figures by id. */
export const figures: ReadonlyMap<string, Figure> = new Map([
  [
    "3a",
    figure({
      title: "Change of the kernel",
      description:
        "Relative change of the tangent kernel against α and against √h α; the curves of both widths meet in " +
        "the second panel.",
      data: grid,
      x: axis.alpha,
      y: axis.change,
      color: width,
      shape: depth,
      over: "replica",
      tooltip: [{ field: "halved", title: "t₁" }],
      panels: [
        { title: "against α" },
        {
          title: "against √h α",
          x: axis.scaled,
          guides: [
            { kind: "slope", slope: -1, through: [3e3, 4e-2], from: 600, label: "slope −1" },
            { kind: "level", y: 1 },
            {
              kind: "published",
              label: "read from the paper",
              points: [
                [0.1, 5.3e4],
                [1, 1400],
                [10, 30],
                [100, 0.5],
                [1e4, 1e-3],
              ],
            },
          ],
        },
      ],
    }),
  ],
  [
    "3b",
    figure({
      title: "Loss against time",
      description: "Rescaled loss against time, and against time divided by √h α.",
      data: curves,
      marks: "lines",
      x: { field: "time", title: "t" },
      y: { field: "loss", title: "α² ℒ", domain: [1e-4, 2] },
      color: { field: "sqrtHAlpha", title: "√h α" },
      guides: [{ kind: "level", y: 0.5, label: "0.5" }],
      panels: [{ title: "against t" }, { title: "against t / √h α", x: { field: "scaledTime", title: "t / (√h α)" } }],
    }),
  ],
  [
    "3c",
    figure({
      title: "Two times of the dynamics",
      description: "Time to halve the loss and time to fit, against √h α.",
      data: grid,
      x: axis.scaled,
      y: { field: "halved", title: "t₁" },
      color: width,
      shape: depth,
      over: "replica",
      spread: "band",
      panels: [
        { title: "half the loss", guides: [{ kind: "slope", slope: 1, through: [0.1, 0.2], to: 1, label: "slope 1" }] },
        {
          title: "all fitted",
          y: { field: "fitted", title: "t₂" },
          guides: [{ kind: "slope", slope: 1.5, through: [1, 24], to: 30, label: "slope 3/2" }],
        },
      ],
    }),
  ],
  [
    "6",
    figure({
      title: "Movement of the weights",
      description: "√h times the relative movement of the weights against √h α.",
      data: grid,
      x: axis.scaled,
      y: { field: "moved", title: "√h ‖w − w₀‖ / ‖w₀‖" },
      color: width,
      over: "replica",
      panels: [
        {
          where: { depth: 5 },
          guides: [
            { kind: "slope", slope: -1, through: [1e3, 2e-2], from: 100, label: "slope −1" },
            { kind: "level", x: 10, label: "crossover" },
          ],
        },
      ],
    }),
  ],
  [
    "1c",
    figure({
      title: "Test error",
      description: "Test error against √h α for both widths.",
      data: grid,
      x: axis.scaled,
      y: { field: "error", title: "test error", scale: "linear" },
      color: width,
      over: "replica",
      spread: "band",
      panels: [{ where: { depth: 5 } }],
    }),
  ],
  [
    "2a",
    figure({
      title: "Variance of the output",
      description: "Variance over nets of the output against width, lazy and feature learning.",
      data: columnsOf(
        [32, 64, 128, 256].flatMap((h) =>
          ["feature", "lazy"].map((regime) => ({
            h,
            regime,
            variance: ((regime === "lazy" ? 20 : 25) / h) * 10 ** (0.1 * jitter(h, regime.length)),
          })),
        ),
      ),
      x: { field: "h", title: "h" },
      y: { field: "variance", title: "Var[α f]" },
      color: { field: "regime", title: "regime" },
      guides: [{ kind: "slope", slope: -1, through: [90, 0.34], label: "slope −1" }],
    }),
  ],
  [
    "2b",
    figure({
      title: "Ensembles",
      description: "Test error of single nets and of their ensemble.",
      marks: "both",
      shape: { field: "kind", title: "of" },
      color: width,
      data: columnsOf(
        scaled.flatMap((sqrtHAlpha) =>
          [50, 100].flatMap((h) =>
            ["one net", "ensemble"].map((kind) => ({
              sqrtHAlpha,
              width: h,
              kind,
              error:
                (kind === "ensemble" ? 0.062 : 0.062 + 0.9 / h) +
                0.006 / (1 + 30 / sqrtHAlpha) +
                0.0005 * jitter(sqrtHAlpha, h),
            })),
          ),
        ),
      ),
      x: axis.scaled,
      y: { field: "error", title: "test error", scale: "linear" },
    }),
  ],
])
