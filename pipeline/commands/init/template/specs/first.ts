// How much does the kernel of a random net change when the net is drawn again, and how does this depend on the width? A
// spec says what to compute, what to expect and what to show. It is loaded often and does not run anything itself.
import { Schema } from "effect"
import { cell, check, within } from "#pipeline/check.ts"
import { grid, node } from "#pipeline/node.ts"
import { setting, spec } from "#pipeline/spec.ts"
import { plot } from "#stages/plot/plot.ts"
import { draw } from "../stages/draw.ts"
import { summarize } from "../stages/summarize.ts"

export default spec({
  // Each value can be set from outside: npx pipeline run specs/first.ts --set widths=32,128,512,2048
  config: {
    widths: setting(Schema.Array(Schema.Int), [32, 128, 512], "hidden units of the nets"),
    nets: setting(Schema.Int, 1000, "random nets per replica"),
  },
  nodes: ({ widths, nets }) => {
    // A node is a stage with its params and inputs. The labels name it: draw/width=32,replica=0. Each replica of a
    // random stage has its own seed, which does not depend on other nodes or on the order of running.
    const drawn = grid({ width: widths, replica: [0, 1, 2, 3] }).map((at) =>
      node(draw, { width: at.width, nets }, {}, at),
    )
    const summary = node(summarize, {}, { drawn: drawn.map(({ out }) => out.kernels) })
    const figure = node(
      plot,
      {
        description: "The standard deviation of the kernel over random nets at each width, with the exact law.",
        x: { field: "width", title: "hidden units" },
        y: { field: "deviation", title: "standard deviation of the kernel" },
        guides: [{ kind: "slope", slope: -0.5, through: [100, Math.sqrt(5 / 100)], label: "√(5 / width)" }],
      },
      { table: summary.out.deviations },
    )
    return { drawn, summary, figure }
  },
  // A claim, and the number with which the page judges it. If the check fails, the run ends with exit code 4.
  checks: ({ summary }) => [
    check({
      id: "rate",
      claim: "The fluctuations of the kernel of a random net scale as one over the square root of its width.",
      source: "the central limit theorem",
      value: cell(summary.out.law, {}, "exponent"),
      expect: within(-0.5, 0.05),
    }),
  ],
  page: ({ summary, figure }) => ({
    title: "Fluctuations of a random kernel",
    lead: ["How much does the kernel of a random net with one hidden layer vary from one net to the next?"],
    figures: [
      {
        id: "1",
        title: "Wide nets have nearly the same kernel",
        caption: "Each point is the standard deviation over all nets of one width; the line is the exact value.",
        figure: figure.out.figure,
        table: summary.out.deviations,
        checks: ["rate"],
      },
    ],
    render: () => import("#report/page.ts"),
  }),
})
