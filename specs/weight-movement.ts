// Kearns, Munyuza and Brosh 2023, "Exploring lazy training in deep feedforward neural networks": how far weights move
// as nets grow, and whether that is lazy training. Every figure of the report, as published and corrected.
import { spec } from "../pipeline/spec.ts"
import { criterion } from "./kearns/criterion.ts"
import { threeLayers, twoLayers } from "./kearns/deep.ts"
import { equalUnits } from "./kearns/equal-units.ts"
import { oneLayer } from "./kearns/one-layer.ts"
import { images } from "./kearns/images.ts"
import { randomLabels } from "./kearns/random-labels.ts"
import { composed } from "./kearns/study.ts"

const parts = composed({ oneLayer, twoLayers, threeLayers, equalUnits, images, randomLabels, criterion })

export default spec({
  config: parts.settings,
  scales: parts.scales,
  nodes: parts.nodes,
  checks: parts.checks,
  page: (made, c) => ({
    title: "How far weights move",
    lead: [],
    figures: parts.figures(made, c),
    render: () => import("../report/page.ts"),
  }),
})
