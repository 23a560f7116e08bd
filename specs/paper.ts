// Geiger, Spigler, Jacot and Wyart 2019, "Disentangling feature and lazy learning in deep neural networks: an empirical
// study": every figure and table, with each claim judged by a number.
// Each section has its own data, model, dynamics and grid. This file only composes the sections and writes the page's
// opening text.
import { spec } from "../pipeline/spec.ts"
import { bounds } from "./geiger/bounds.ts"
import { convolution } from "./geiger/convolution.ts"
import { costOf } from "./support/costs.ts"
import { depth } from "./geiger/depth.ts"
import { fluctuations } from "./geiger/fluctuations.ts"
import { frozen } from "./geiger/frozen.ts"
import { initial } from "./geiger/initial.ts"
import { moments } from "./geiger/moments.ts"
import { output } from "./geiger/output.ts"
import { patches } from "./geiger/patches.ts"
import { phase } from "./geiger/phase.ts"
import { resnet } from "./geiger/resnet.ts"
import { statements } from "./geiger/statements.ts"
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
  moments,
  initial,
  patches,
  depth,
  temperature,
  bounds,
})

export default spec({
  config: parts.settings,
  scales: parts.scales,
  nodes: parts.nodes,
  checks: parts.checks,
  seconds: costOf,
  page: (made, c) => ({
    title: "Feature and lazy learning, disentangled",
    lead: [
      "A net f(w, x) is trained through the output α (f(w, x) − f(w₀, x)), where w₀ are its initial weights. For " +
        "large α the weights hardly move, and the net learns like a kernel machine with its initial tangent kernel " +
        "Θ₀: this is the lazy regime. For small α the weights and the tangent kernel Θ move far: this is feature " +
        "learning. The paper finds that √h·α decides which of the two happens, where h is the width.",
      "This page recomputes every figure and table of the paper on real MNIST digits. The task is to tell even " +
        `digits from odd digits. There are ${c.n} training points, unless a caption gives another number; the paper ` +
        "has 5,000. Levels that depend on this number differ from the paper, exponents differ little. As in the " +
        "paper, the principal components of the images are fitted on all images, test images included. In the " +
        "figures, an open sign is a point read off a figure of the paper, a dashed line is a guide with the given " +
        "slope, and a cross is a net that did not fit its training points. Where a figure shows means over initial " +
        "nets, the small points behind a mean are the single nets.",
      "Two things differ from the authors' program. First, f(w) − f(w₀) is carried through the layers, for which " +
        "float32 is precise enough; the program subtracts two outputs in float64. Second, a net has the same initial " +
        "weights for every α; in the program the seed depends on α. Intervals have a level of 95 %. They use " +
        "Student's distribution over initial nets. For the mean output of nets and for the variance over nets they " +
        "use the jackknife; for errors of mean outputs the jackknife intervals are up to two thirds too wide. There " +
        "is one draw of training points and one of test points, and no interval contains what other draws would " +
        "change. More nets were added where verdicts could not tell (figures 1a, 2a, 2c, and lazy nets of figure 3), " +
        "until the time of the quick scale was spent; such verdicts lean towards a decision. Counts, extremes, " +
        "medians and ranks over means have no interval. Some nets do not fit their training points within " +
        "the allowed " +
        "number of steps. Claims count these nets, and figures of single nets draw them as crosses. All other claims " +
        "leave these nets out, unless a claim says otherwise. Means of outputs use all nets.",
    ],
    source:
      "M. Geiger, S. Spigler, A. Jacot, M. Wyart, Disentangling feature and lazy learning in deep neural " +
      "networks: an empirical study, 2019",
    statements,
    figures: parts.figures(made, c),
    render: () => import("../report/page.ts"),
  }),
})
