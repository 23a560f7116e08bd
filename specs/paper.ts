// Geiger, Spigler, Jacot and Wyart 2019, "Disentangling feature and lazy learning in deep neural networks: an empirical
// study": every figure and table, each claim judged by a number. A section has its data, model, dynamics and grid.
import { spec } from "../pipeline/spec.ts"
import { bounds } from "./geiger/bounds.ts"
import { commonScales } from "./geiger/common.ts"
import { convolution } from "./geiger/convolution.ts"
import { costOf } from "./support/costs.ts"
import { depth } from "./geiger/depth.ts"
import { fluctuations } from "./geiger/fluctuations.ts"
import { frozen } from "./geiger/frozen.ts"
import { initial } from "./geiger/initial.ts"
import { output } from "./geiger/output.ts"
import { patches } from "./geiger/patches.ts"
import { phase } from "./geiger/phase.ts"
import { resnet } from "./geiger/resnet.ts"
import { composed } from "./geiger/study.ts"
import { temperature } from "./geiger/temperature.ts"
import { width } from "./geiger/width.ts"

const parts = composed({
  width,
  convolution,
  phase,
  fluctuations,
  frozen,
  resnet,
  output,
  initial,
  patches,
  depth,
  temperature,
  bounds,
})

export default spec({
  config: parts.settings,
  scales: {
    quick: {},
    medium: { ...commonScales.medium, ...parts.scales["medium"] },
    paper: { ...commonScales.paper, ...parts.scales["paper"] },
  },
  nodes: parts.nodes,
  checks: parts.checks,
  seconds: costOf,
  page: (made, c) => ({
    title: "Feature and lazy learning, disentangled",
    lead: [
      "A net f(w, x) is trained through α (f(w, x) − f(w₀, x)). For large α its weights hardly move and it " +
        "learns as a kernel machine would (the lazy regime); for small α they move far and its tangent kernel " +
        "with them (feature learning). The paper finds that √h·α decides which of the two happens, h being the " +
        "width.",
      "Computed here: every figure and table of the paper on real MNIST digits, told apart by their parity, " +
        `with ${c.n} training points where a caption says no other number. The paper has 5,000: levels that ` +
        "depend on it differ, exponents little. As in the paper the components of the images are fitted on all " +
        "of them, test images included. Open signs are the paper's own points, read off its figures.",
      "Other than in the paper: f(w) − f(w₀) is carried through the layers, which float32 is enough for, where " +
        "the program subtracts in float64; a net's initial weights are the same for every α, where its seed " +
        "depends on α. Intervals are of 95 %, by Student's distribution over initial nets, and of jackknifed " +
        "values for what the mean output of nets and their variance give; for errors of mean outputs the latter " +
        "are up to two thirds too wide. Counts, extremes, medians and ranks over means have none. A net that did " +
        "not fit its points within the steps it was given is counted by a claim, drawn as a cross where single " +
        "nets are drawn, and left out of what claims are judged by unless a claim says otherwise; means of " +
        "outputs take all nets.",
    ],
    source:
      "M. Geiger, S. Spigler, A. Jacot, M. Wyart, Disentangling feature and lazy learning in deep neural " +
      "networks: an empirical study, 2019",
    figures: parts.figures(made, c),
    render: () => import("../report/page.ts"),
  }),
})
