// A page's content that looks like the real one: scaling laws with noise, made from formulas, the same each time.
import type { ComparisonContent } from "../../report/content.ts"
import type { PageContent } from "../../report/page.ts"
import { figure, type Figure } from "../../report/figure.ts"
import type { Columns, Value } from "../../report/figure/rows.ts"

// Spread that looks random and is not: the fractional part of a large sine.
const jitter = (...parts: ReadonlyArray<number>): number => {
  const wave = Math.sin(parts.reduce((sum, part, index) => sum + part * (12.9898 + 65.233 * index), 0.5)) * 43758.5453
  return wave - Math.floor(wave) - 0.5
}

const columnsOf = (rows: ReadonlyArray<Readonly<Record<string, Value>>>): Columns =>
  Object.fromEntries(Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name]!)]))

const scaled = [0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e5]

const trained = (labels: Readonly<Record<string, number>>): string =>
  `train/${Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",")}`

// A grid of runs: eight √hα, two widths, two depths, three replicas.
const grid = columnsOf(
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
const curves = columnsOf(
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

const captions: Readonly<Record<string, string>> = {
  "3a":
    "Relative change of the tangent kernel at the end of training, for eight values of the scale α, two widths " +
    "and two depths. Against √h α the widths fall on one curve; below the crossover it is steeper for the deeper " +
    "net.",
  "3b":
    "Loss in time, rescaled so that it starts at one. Lazy curves agree at equal t, feature-learning curves at " +
    "equal t / (√h α).",
  "3c": "Time to halve the loss (left) and to fit every sample (right). Bands span three replicas.",
  "6": "How far the weights move, relative to their norm at the start.",
  "1c": "Test error of single nets. The line is the mean of three replicas and the band their span.",
  "2a": "Variance over initial nets of the trained output.",
  "2b": "Averaging ten nets takes the width out of the error.",
}

const claim = (
  id: string,
  text: string,
  source: string,
  figure: string,
  measured: number | null,
  spread: number | null,
  expected: string,
): PageContent["claims"][number] => ({
  id,
  claim: text,
  source,
  figure,
  measured,
  spread,
  expected,
  fails: "outside it",
  elsewhere: [],
  verdict: "reproduced",
  asDeclared: true,
})

const box = (x: number, y: number, text: string): string =>
  `<g><rect x="${x}" y="${y}" width="120" height="34" rx="5" fill="none" stroke="currentColor"/><text ` +
  `x="${x + 60}" y="${y + 22}" text-anchor="middle" font-size="13" fill="currentColor">${text}</text></g>`

const fiveStages = ["split", "init", "train", "measure", "plot"]
  .map((name, index) => box(10 + 180 * index, 18, name))
  .join("")

/** A page of seven figures. */
export const content: PageContent = {
  title: "Lazy and feature learning in deep nets",
  lead: [
    "A net whose output is multiplied by α and whose initial function is subtracted trains in one of two ways. " +
      "For large α its weights hardly move and it acts as a kernel method (lazy); for small α it learns " +
      "features. The paper finds that √h α, with h the width, decides between the two.",
    "Each claim below is judged by one number computed from the runs behind the figures.",
  ],
  source:
    "M. Geiger, S. Spigler, A. Jacot, M. Wyart, Disentangling feature and lazy training in deep neural " +
    "networks, J. Stat. Mech. (2020) 113301.",
  claims: [
    {
      ...claim(
        "lazy-slope",
        "In the lazy regime the kernel change falls as 1/(√h α).",
        "Fig. 3a",
        "3a",
        -1.0032,
        0.012,
        "-1.00 ± 0.03",
      ),
      published: "−1",
    },
    {
      ...claim(
        "feature-slope",
        "While features are learnt it falls with exponent 2/(1 + 1/L): 1.67 for five layers.",
        "Fig. 3a",
        "3a",
        -1.57,
        0.06,
        "-1.67 ± 0.20",
      ),
      published: "−1.7",
    },
    claim(
      "collapse",
      "Widths fall on one curve when plotted against √h α.",
      "Fig. 3a",
      "3a",
      1.08,
      null,
      "1.10 ± 0.50",
    ),
    {
      ...claim(
        "t1",
        "The time to halve the loss grows in proportion to √h α, then saturates.",
        "Fig. 3c",
        "3c",
        0.97,
        0.021,
        "1.00 ± 0.10",
      ),
      published: "1",
    },
    {
      ...claim("t2", "The time to fit grows with exponent 3/2.", "Fig. 3c", "3c", 1.24, 0.05, "1.50 ± 0.15"),
      published: "3/2",
      verdict: "not reproduced",
      declared: {
        verdict: "not reproduced",
        reason: "with 200 samples the exponent is about 1.2; the authors use 5000.",
      },
    },
    claim("moved", "In the lazy regime the weights move as 1/(√h α).", "Fig. 6", "6", -0.998, 0.004, "-1.00 ± 0.02"),
    {
      ...claim("error", "Feature learning has the lower test error.", "Fig. 1c", "1c", -0.0113, 0.002, "at most 0"),
      published: "7.8 % against 8.9 %",
    },
    {
      ...claim(
        "variance",
        "The variance of the output falls as 1/h in both regimes.",
        "Fig. 2a",
        "2a",
        -0.82,
        0.3,
        "-1.05 ± 0.15",
      ),
      verdict: "different",
      asDeclared: false,
    },
    {
      ...claim("ensemble", "Ensembles do about as well at every width.", "Fig. 2b", "2b", null, null, "at most 0.5"),
      verdict: "not tested",
      note: "Not tested at the scale quick.",
    },
  ],
  figures: [...figures].map(([id, spec]) => ({
    id,
    spec,
    title: (spec["title"] as { readonly text: string }).text,
    caption: captions[id]!,
    table: id === "3b" ? "curves" : "grid",
    claims:
      {
        "3a": ["lazy-slope", "feature-slope", "collapse"],
        "3c": ["t1", "t2"],
        "6": ["moved"],
        "1c": ["error"],
        "2a": ["variance"],
        "2b": ["ensemble"],
      }[id] ?? [],
  })),
  nodes: (grid["node"] as ReadonlyArray<string>).map((name, index) => ({
    name,
    key: index.toString(16).padStart(4, "0").repeat(16),
    seconds: 20 + index,
  })),
  tables: [
    { name: "grid", columns: grid },
    { name: "curves", columns: curves },
  ],
  made: {
    spec: "specs/paper.ts",
    scale: "quick",
    show: "npx pipeline show specs/paper.ts",
    date: "2025-11-21T22:40:00Z",
    nodes: 214,
    counts: { hit: 90, joined: 2, run: 122, failed: 0, skipped: 0 },
    seconds: 312.4,
    computeSeconds: 2931,
    config: [
      { name: "widths", value: "50,100", description: "Widths h of the hidden layers." },
      { name: "depths", value: "2,5", description: "Numbers L of hidden layers." },
      { name: "sqrtHAlpha", value: scaled.join(","), description: "Values of √h α, from feature learning to lazy." },
      { name: "samples", value: "200", description: "Training samples." },
    ],
    versions: [
      { name: "node", version: "24.21.0" },
      { name: "onnxruntime-node", version: "1.30.0" },
      { name: "vega-lite", version: "6.5.0" },
    ],
    machine: [
      { name: "processor", value: "AMD EPYC, 2 cores" },
      { name: "memory", value: "8 GB" },
      { name: "system", value: "Debian 12, linux x64" },
    ],
    stages: [
      { name: "split", nodes: 1, seconds: 1.42, peakMemory: 4.1e8 },
      { name: "init", nodes: 12, seconds: 0.31, peakMemory: 9e7 },
      { name: "train", nodes: 96, seconds: 2610, peakMemory: 2.3e8 },
      { name: "measure", nodes: 96, seconds: 318, peakMemory: 6.2e8 },
      { name: "plot", nodes: 7, seconds: 0.8, peakMemory: 1.1e8 },
    ],
    accepted: [
      {
        stage: "train",
        nodes: 12,
        what: "code",
        by: "reader",
        when: "2025-11-20T09:00:00.000Z",
        because: "a loop became a sum",
      },
    ],
    graph:
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="70" viewBox="0 0 900 70" role="img" ` +
      `aria-label="Five stages in a row"><g>${fiveStages}</g><path ` +
      `d="M130 35h60M310 35h60M490 35h60M670 35h60" stroke="currentColor"/></svg>`,
    commands: [
      {
        text: "Run it again; only what changed is computed.",
        command: "pipeline run specs/paper.ts --set scale=quick",
      },
      {
        text: "Say why a node would run.",
        command: "pipeline why specs/paper.ts 'train sqrtHAlpha=0.1 width=100 replica=3'",
      },
    ],
  },
}

/** A page as large as one of many papers: 25 figures and 54 claims. */
export const large: PageContent = {
  ...content,
  figures: [0, 1, 2, 3]
    .flatMap((copy) =>
      content.figures.map((one) => ({
        ...one,
        id: `${one.id}-${copy}`,
        claims: one.claims.map((id) => `${id}-${copy}`),
      })),
    )
    .slice(0, 25),
  claims: [0, 1, 2, 3, 4, 5].flatMap((copy) =>
    content.claims.map((one) => ({ ...one, id: `${one.id}-${copy}`, figure: `${one.figure}-${copy}` })),
  ),
}

/** Two runs of seven figures. */
export const comparison: ComparisonContent = {
  title: "specs/paper.ts: baseline and last",
  runs: [
    { name: "baseline", run: "0a1b2c3d", began: "2025-11-21 22:40:00 UTC", ended: "done" },
    { name: "last (widths=50,100)", run: "4e5f6a7b", began: "2025-11-22 22:40:00 UTC", ended: "done" },
  ],
  settings: [{ name: "widths", before: "50", after: "50,100" }],
  claims: content.claims.map(({ id, claim, source, measured, spread, verdict, asDeclared }, index) => {
    const end = { measured, spread, verdict, asDeclared }
    return {
      id,
      claim,
      source,
      before: end,
      after: index === 0 ? { ...end, measured: -1.2, verdict: "different" } : index === 1 ? null : end,
    }
  }),
  figures: content.figures.map(({ id, title, caption, spec }) => ({
    id,
    title,
    caption,
    specs: [
      spec,
      JSON.parse(JSON.stringify(spec), (name, value: unknown) =>
        ["change", "moved", "halved", "fitted", "loss", "variance"].includes(name) && typeof value === "number"
          ? value * 3
          : value,
      ),
    ],
  })),
  left: [{ id: "5", title: "Gone", why: "The run last did not make it." }],
}

const attack = `</script><b class="hostile">hostile</b><script>hacked = 1</script><!-- ' "`

/** A page whose every text tries to be markup. */
export const hostile: PageContent = {
  ...content,
  title: attack,
  lead: [attack],
  source: attack,
  claims: content.claims.map((one) => ({
    ...one,
    claim: attack,
    source: attack,
    published: attack,
    expected: attack,
    fails: attack,
    differs: attack,
    elsewhere: [{ scale: attack, expected: attack }],
    note: attack,
    declared: { verdict: "different", reason: attack },
  })),
  figures: [
    {
      id: "3a",
      title: attack,
      caption: attack,
      claims: ["t1"],
      spec: figure({
        title: attack,
        description: attack,
        data: { a: [1, 2, 3], [attack]: [1, 2, 3], kind: [attack, attack, "b"], node: [attack, attack, attack] },
        x: { field: "a", title: attack },
        y: { field: attack, title: attack },
        color: { field: "kind", title: attack },
      }),
    },
  ],
  nodes: [{ name: attack, key: attack, seconds: 1 }],
  made: {
    ...content.made,
    spec: attack,
    show: attack,
    config: [{ name: attack, value: attack, description: attack }],
    accepted: [{ stage: attack, nodes: 1, what: attack, by: attack, when: attack, because: attack }],
    graph: `${content.made.graph}<script>hacked = 1</script>`,
  },
}
