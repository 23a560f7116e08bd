// Figures 2a and 2c: softplus nets of several widths in both regimes. How much does the output of a net depend on its
// initial weights? How much of this remains after outputs are averaged?
import { above, atMost, between, within } from "../../pipeline/check.ts"
import { grid } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { type Claim, claimsOn } from "../support/claims.ts"
import { Count, replicasOf, Positives, Widths } from "../support/settings.ts"
import { section } from "./study.ts"

const feature = { regime: "feature learning" }
const lazy = { regime: "lazy" }
const INFINITE = "infinite width"

export const fluctuations = section({
  prefix: "2",
  settings: {
    n: setting(Count, 100, "training points of figures 2a and 2c"),
    depth: setting(Count, 5, "hidden layers of the nets (figures 2a, 2c)"),
    widths: setting(Widths, [32, 64, 128], "widths of the nets (figures 2a, 2c)"),
    sqrtHAlpha: setting(
      Positives,
      [0.01, 1e4],
      "two values of √h·α: one of feature learning, one of the lazy regime (figures 2a, 2c)",
    ),
    replicas: setting(Count, 16, "number of initial nets (figures 2a, 2c)"),
  },
  scales: {
    medium: { n: 500, widths: [50, 71, 100, 141], sqrtHAlpha: [0.01, 1e6] },
    large: { n: 2000, widths: [50, 71, 100, 141, 200, 283], sqrtHAlpha: [0.01, 1e6], replicas: 20 },
    paper: { n: 5000, widths: [50, 71, 100, 141, 200, 283, 400, 566, 800], sqrtHAlpha: [0.01, 1e6], replicas: 26 },
  },
  nodes: (study, c) => {
    const data = study.parity(c.n)
    const groups = grid({ h: c.widths, sqrtHAlpha: c.sqrtHAlpha }).map(({ h, sqrtHAlpha }) => {
      const members = replicasOf(c.replicas).map((replica) =>
        study.run({ data, net: study.fc("softplus", c.depth, h, replica), sqrtHAlpha }),
      )
      const regime = sqrtHAlpha < 10 ? "feature learning" : "lazy"
      return {
        at: { h, regime },
        members,
        taken: study.ensemble(
          data,
          members.map(({ measured }) => measured.out.outputs),
          // Other sections average fewer of the same nets, so the label contains the number of nets.
          { net: `softplus${c.depth}`, h, sqrtHAlpha, nets: c.replicas },
        ),
      }
    })
    // The net of infinite width is drawn beside the widest nets, as an ensemble of nets that are all alike.
    const limit = study.limit(data, { depth: c.depth, activation: "softplus" })
    const infinite = {
      at: { h: Math.max(...c.widths), regime: INFINITE },
      taken: study.ensemble(
        data,
        replicasOf(c.replicas).map(() => limit.out.outputs),
        { net: `softplus${c.depth}-infinite`, nets: c.replicas },
      ),
    }
    const [variances, errors] = [
      study.ensembles("variances", groups, "summary"),
      study.ensembles("errors-2c", [...groups, infinite], "errors"),
    ]
    const fits = study.gather(
      "fits-2a",
      groups.flatMap(({ at, members }) =>
        members.map(({ cell, measured }) => [{ ...at, replica: cell.replica }, measured.out.observables] as const),
      ),
      { columns: ["converged"] },
    )
    const plots = {
      variances: study.plot(
        "2a",
        {
          description:
            "The variance of the trained output over initial nets against the width, in feature learning and in the " +
            "lazy regime. Both variances fall as the inverse of the width.",
          x: { field: "h", title: "width h" },
          y: { field: "variance", title: "Var α (f − f₀)" },
          color: { field: "regime", title: "regime" },
          guides: [
            { kind: "slope", slope: -1, through: [100, 1.6], label: "1 / h" },
            {
              kind: "published",
              points: [
                [50, 4.3],
                [100, 1.65],
                [200, 0.85],
                [400, 0.5],
                [800, 0.31],
              ],
              label: "paper, lazy",
            },
            {
              kind: "published",
              points: [
                [100, 1.5],
                [200, 1.05],
                [400, 0.29],
                [800, 0.17],
              ],
              label: "paper, feature learning",
            },
          ],
        },
        variances.whole,
      ),
      errors: study.plot(
        "2c",
        {
          description:
            "The mean test error of single nets and the test error of their mean output against the width, in both " +
            "regimes. Single nets improve with the width; mean outputs hardly improve.",
          x: { field: "h", title: "width h" },
          y: { field: "testError", title: "test error", scale: "linear" },
          color: { field: "regime", title: "regime" },
          shape: { field: "learner", title: "error of" },
          guides: [
            { kind: "level", y: 0.0605, label: "paper, ensembles, feature learning" },
            { kind: "level", y: 0.062 },
            {
              kind: "published",
              points: [
                [95, 0.09],
                [800, 0.0725],
              ],
              label: "paper, single lazy nets",
            },
            {
              kind: "published",
              points: [
                [50, 0.087],
                [800, 0.067],
              ],
              label: "paper, single nets of feature learning",
            },
          ],
        },
        errors.whole,
      ),
    }
    return { tables: { variances, errors, fits }, plots }
  },
  claims: ({ tables }, { widths }) => {
    const wide = Math.max(...widths)
    // The narrowest nets of the paper do not fit all their points; the paper draws them anyway.
    const fitting = widths.filter((h) => h >= Math.min(100, wide / 4))
    const narrow = Math.min(...fitting)
    const ends = { y: "testError", by: ["regime"], minuend: { h: narrow }, subtrahend: { h: wide } }
    const falls = (id: string, where: typeof lazy, regime: string, published: string): Claim => ({
      id,
      stated: -1,
      rival: { value: -0.5, text: "a fall as 1/√h" },
      figure: "2a",
      quantity: { of: "slope", x: "h", y: "variance", by: [], where, from: narrow, to: wide },
      claim: `${regime}: the variance of the trained output over initial nets falls as the inverse of the width.`,
      source: "Fig. 2a",
      published,
      expect: between(-1.4, -0.7),
    })
    return claimsOn({ "2a": tables.variances, "2c": tables.errors, "fits-2": tables.fits }, [
      falls("variance-feature", feature, "Feature learning", "slope about -1.1"),
      falls("variance-lazy", lazy, "Lazy regime", "slope -0.8 to -1"),
      {
        id: "ensemble-ratio",
        rival: { value: 1.7, text: "the ratio of convolutional nets" },
        stated: 1.02,
        figure: "2c",
        quantity: {
          of: "ratio",
          y: "testError",
          by: ["h"],
          where: { learner: "mean output" },
          minuend: lazy,
          subtrahend: feature,
        },
        claim:
          "The mean output of fully connected nets has the same error in both regimes. (Measured: the error in the " +
          "lazy regime divided by the error in feature learning.)",
        source: "Fig. 2c, Sec. 4",
        published: "1.02",
        expect: between(0.95, 1.1),
        at: { medium: between(0.9, 1.2) },
        scales: ["medium", "large", "paper"],
      },
      {
        id: "ensemble-width",
        figure: "2c",
        quantity: { of: "distance", where: { learner: "mean output" }, ...ends },
        claim:
          "The error of the mean output hardly depends on the width. (Measured: the distance between the errors at " +
          "the smallest and the largest width.)",
        source: "Fig. 2c, Sec. 4 (i)",
        published: "flat, 6.05 and 6.2 %",
        expect: atMost(0.01),
        at: { large: atMost(0.005), paper: atMost(0.005) },
      },
      {
        id: "ensemble-limit",
        figure: "2c",
        quantity: {
          of: "distance",
          y: "testError",
          by: ["h"],
          where: { h: wide, learner: "mean output" },
          minuend: lazy,
          subtrahend: { regime: INFINITE },
        },
        claim:
          "The error at which mean outputs of lazy nets settle is the error of one net of infinite width. " +
          "(Measured: the distance of the two errors at the largest width. A net of infinite width learns by the " +
          "frozen flow with the kernel of infinite width.)",
        source: "Sec. 4 (i)",
        published: "the same",
        expect: atMost(0.01),
        at: { large: atMost(0.005), paper: atMost(0.005) },
      },
      {
        id: "single-width",
        figure: "2c",
        quantity: { of: "difference", where: { learner: "single nets, mean" }, ...ends },
        claim:
          "The error of single nets falls with the width. (Measured: the error at the smallest width minus the error " +
          "at the largest width, averaged over both regimes.)",
        source: "Fig. 2c",
        published: "9 % at h = 95, 7.25 % at h = 800 (lazy)",
        expect: above(0),
      },
      {
        id: "error-limit",
        figure: "2c",
        rival: { value: 0, text: "an excess that does not fall" },
        quantity: {
          of: "difference power",
          y: "testError",
          by: ["h", "regime"],
          where: { h: fitting, regime: [feature.regime, lazy.regime] },
          minuend: { learner: "single nets, mean" },
          subtrahend: { learner: "mean output" },
        },
        claim:
          "The error approaches its limit as 1/h. (Measured: the power in h of the error of single nets minus the " +
          "error of their mean output, which stands for the limit.)",
        source: "Sec. 4, after eq. 8",
        published: "slope −1",
        expect: within(-1, 0.35),
        scales: ["medium", "large", "paper"],
      },
      {
        id: "all-fit-2",
        kind: "own",
        figure: "2a",
        table: "fits-2",
        quantity: { of: "count", where: { h: fitting, converged: false } },
        claim: "The nets of figure 2 fit all their training points. (Measured: the number of nets that do not.)",
        source: "Sec. 4",
        published: "all nets with h ≥ 100",
        expect: atMost(0),
      },
    ])
  },
  figures: ({ plots, tables }, { n, replicas }) => [
    {
      id: "2a",
      title: "How much the output depends on the initial weights",
      caption:
        "The variance over initial nets of α (f − f₀) at the end of training, averaged over test points (vertical " +
        "axis), against the width h (horizontal axis). The colour shows the regime. In both regimes the variance " +
        `should fall as 1/h, parallel to the dashed line. There are ${n} training points and ${replicas} initial ` +
        "nets (26 in the paper). The paper's caption says Var f ~ (√h·α)⁻²; this is the same law without the factor " +
        "α². The paper's points are for 5,000 training points. After Fig. 2a.",
      figure: plots.variances,
      table: tables.variances.whole,
    },
    {
      id: "2c",
      title: "The error of mean outputs against the width",
      caption:
        "The mean test error of single nets and the test error of the mean of their outputs (vertical axis) against " +
        "the width h (horizontal axis). The colour shows the regime, the shape shows which error. The error of " +
        "single nets should fall with the width; the error of the mean output should hardly change, and should be " +
        "the same in both regimes. The net of infinite width, which learns with the kernel of infinite width, is " +
        `drawn at the largest width; the mean output of lazy nets should have its error. There are ${n} training ` +
        `points and ${replicas} initial nets. The paper smooths its curves along the width; here the curves are not ` +
        "smoothed. After Fig. 2c.",
      figure: plots.errors,
      table: tables.errors.whole,
    },
  ],
})
