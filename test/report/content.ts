// A page's content that looks like the real one, a large page of it, and two runs of it side by side.
import type { ComparisonContent } from "../../report/content.ts"
import type { PageContent } from "../../report/page.ts"
import { curves, figures, grid, scaled } from "./figures.ts"

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
  kind: "claim",
  verdict: "agrees",
  asDeclared: true,
  from: { node: "summarize/of=phase", output: "summary", key: "ab".repeat(32) },
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
      verdict: "contradicts",
      declared: {
        verdict: "contradicts",
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
      verdict: "differs",
      asDeclared: false,
    },
    {
      ...claim("ensemble", "Ensembles do about as well at every width.", "Fig. 2b", "2b", null, null, "at most 0.5"),
      verdict: "not judged",
      note: "Not judged at the scale quick.",
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
    rerun: "npx pipeline run specs/paper.ts --until",
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
      after: index === 0 ? { ...end, measured: -1.2, verdict: "differs" } : index === 1 ? null : end,
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
