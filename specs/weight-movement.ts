// Kearns, Munyuza and Brosh 2023, "Exploring lazy training in deep feedforward neural networks": how far weights move
// as nets grow, and whether that is lazy training. Every figure of the report, as published and corrected.
// Each section has its own nets and grid. This file only composes the sections and writes the page's opening text.
import { spec } from "../pipeline/spec.ts"
import { costOf } from "./support/costs.ts"
import { accounts } from "./kearns/accounts.ts"
import { criterion } from "./kearns/criterion.ts"
import { threeLayers, twoLayers } from "./kearns/deep.ts"
import { equalUnits } from "./kearns/equal-units.ts"
import { images } from "./kearns/images.ts"
import { oneLayer } from "./kearns/one-layer.ts"
import { randomLabels } from "./kearns/random-labels.ts"
import { statements } from "./kearns/statements.ts"
import { composed } from "./kearns/study.ts"

const parts = composed({ oneLayer, twoLayers, threeLayers, equalUnits, images, randomLabels, criterion })

export default spec({
  config: parts.settings,
  scales: parts.scales,
  nodes: parts.nodes,
  checks: parts.checks,
  seconds: costOf,
  page: (made, c) => ({
    title: "How far weights move",
    lead: [
      "A net is lazy if it fits its data while its weights hardly leave their random start. The report trains nets " +
        "of growing width on 100 random points with random labels and measures how far their weights move. It " +
        "concludes that wide nets are lazy, and that a level of movement tells when they are.",
      "This page computes every experiment of the report anew, first as it was published, then corrected where text, " +
        "program and arithmetic disagree. The table “Text, program and measurement” lists these places. The random " +
        "points are the report's own, bit for bit.",
      "The nets of this run are few: some widths of the report, two to five initial nets of each. Beside them the " +
        "figures show the nets of whole sweeps, one for each width of the report (figure 8: for four of them). They " +
        "were computed once, by this spec at the scale paper, and are kept as tables beside it, with their commands. " +
        "Claims about them begin with “Whole sweep”. They do not follow the settings of this run.",
      "In the figures, an open sign is a number of the report or of its notebook, a dashed line is a guide, and a " +
        "cross is a net that did not fit its points within the allowed epochs. Where a figure shows means over " +
        "initial nets, small points are the single nets. Intervals have a level of 95 %. They use Student's " +
        "distribution over initial nets and exist only where there are several; counts and extremes have none.",
    ],
    source: "M. Kearns, K. Munyuza, S. Brosh, Exploring lazy training in deep feedforward neural networks, 2023",
    statements,
    accounts,
    figures: parts.figures(made, c),
    render: () => import("../report/page.ts"),
  }),
})
