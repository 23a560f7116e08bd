// Nets before they learn: figure 8, how fast preactivations begin to move; eq. 11, how large gradients are; and how
// near the tangent kernel is to that of infinite width.
import { atMost, between, below, within } from "../../pipeline/check.ts"
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { distance } from "../../stages/observables/distance.ts"
import { limit } from "../../stages/net/limit.ts"
import { probe } from "../../stages/observables/probe.ts"
import { type Claim, claimsOn } from "../support/claims.ts"
import { everywhere, net } from "./claim.ts"
import { Count, replicasOf, Widths } from "../support/settings.ts"
import { type GeigerStudy, section } from "./study.ts"

const SOFTPLUS = "softplus"
/** Points of the kernels that are compared with infinite width. */
const FEW = 12
const DEPTHS = [2, 5]
const LAYERS = [1, 2, 3, 4, 5]

const at = ({ h, replica }: { readonly h: number; readonly replica: number }) => ({ h, replica })

const probed = (study: GeigerStudy, depth: number, h: number, replica: number) => {
  const [data, { model, labels }] = [study.parity(), study.fc(SOFTPLUS, depth, h, replica)]
  return study.once(node(probe, { model, kernelPoints: FEW, ...study.compute }, { data: data.train }, labels))
}

/** The power by which the gradients by these arrays of weights go with the width. */
const gradient = (id: string, arrays: ReadonlyArray<string>) =>
  ({
    id,
    figure: "eq11",
    table: "eq-11",
    quantity: {
      of: "slope",
      x: "h",
      y: "gradient",
      by: ["array", "replica"],
      where: { array: arrays },
      from: 30,
      to: 1100,
    },
    source: "Eq. 11",
  }) as const

export const initial = section({
  prefix: "8",
  settings: {
    widths: setting(
      Widths,
      [32, 64, 128, 256, 512, 1024],
      "widths of nets before they learn (figure 8, eq. 11, infinite width)",
    ),
    replicas: setting(Count, 10, "such nets of each width"),
  },
  scales: {
    paper: { widths: [10, 16, 32, 64, 128, 256, 512, 1024, 2048, 4000], replicas: 10 },
  },
  nodes: (study, c) => {
    const cells = grid({ depth: DEPTHS, h: c.widths, replica: replicasOf(c.replicas) })
    const deep = cells.filter(({ depth }) => depth === 5)
    const layers = study.gather(
      "velocities",
      deep.map((cell) => [at(cell), probed(study, 5, cell.h, cell.replica).out.layers]),
    )
    const arrays = study.gather(
      "gradients",
      deep.map((cell) => [at(cell), probed(study, 5, cell.h, cell.replica).out.arrays]),
    )
    const limits = new Map(
      DEPTHS.map((depth) => [
        depth,
        node(limit, { depth, activation: SOFTPLUS, kernelPoints: FEW }, { data: study.parity().train }, { depth }),
      ]),
    )
    const distances = study.gather(
      "distances",
      grid({ depth: DEPTHS, h: c.widths }).map(({ depth, h }) => {
        const kernels = replicasOf(c.replicas).map((replica) => probed(study, depth, h, replica).out.kernel)
        return [
          { depth, h },
          node(distance, {}, { kernels, reference: limits.get(depth)!.out.kernel }, { depth, h }).out.distances,
        ]
      }),
    )
    const width = { field: "h", title: "width h" } as const
    const plots = {
      velocities: study.plot(
        "8",
        {
          description:
            "How fast the preactivations of each layer begin to move, against the width: as the inverse root " +
            "of the width, later layers faster.",
          x: width,
          y: { field: "velocity", title: "rms of dz/dt at t = 0" },
          color: { field: "layer", title: "layer" },
          over: "replica",
          guides: [
            { kind: "slope", slope: -0.5, through: [300, 0.03], label: "slope −1/2" },
            {
              kind: "published",
              points: [
                [100, 0.008],
                [100, 0.02],
                [100, 0.033],
                [100, 0.045],
                [100, 0.055],
                [1000, 0.0027],
                [1000, 0.006],
                [1000, 0.0095],
                [1000, 0.013],
                [1000, 0.0155],
                [4000, 0.0014],
                [4000, 0.007],
              ],
              label: "paper, layers 1 to 5 (h = 4,000: 1 and 5)",
            },
          ],
        },
        layers,
      ),
      gradients: study.plot(
        "eq11",
        {
          description:
            "The size of the output's gradient by single weights at the start, against the width: biases and " +
            "the last layer as the inverse root of the width, inner weights as its inverse.",
          x: width,
          y: { field: "gradient", title: "rms of ∂f/∂w" },
          color: { field: "kind", title: "weights" },
          over: "replica",
          guides: [
            { kind: "slope", slope: -0.5, through: [100, 0.1], label: "slope −1/2" },
            { kind: "slope", slope: -1, through: [100, 0.01], label: "slope −1" },
          ],
        },
        arrays,
      ),
      distances: study.plot(
        "infinite",
        {
          description:
            "How far the tangent kernels of single nets and of their mean are from that of infinite width, " +
            "against the width, for two and five hidden layers: single nets approach it as the inverse root of " +
            "their width.",
          x: width,
          y: { field: "distance", title: "‖Θ − Θ∞‖ / ‖Θ∞‖" },
          color: { field: "depth", title: "hidden layers L" },
          shape: { field: "of", title: "kernel of" },
          marks: "points",
          guides: [{ kind: "slope", slope: -0.5, through: [300, 0.1], label: "slope −1/2" }],
        },
        distances,
      ),
    }
    return { tables: { layers, arrays, distances }, plots }
  },
  claims: ({ tables }, { widths }) =>
    claimsOn({ "8": tables.layers, "eq-11": tables.arrays, infinite: tables.distances }, [
      ...LAYERS.map((layer): Claim => ({
        id: `velocity-${layer}`,
        figure: "8",
        quantity: { of: "slope", x: "h", y: "velocity", by: ["replica"], where: { layer }, from: 60, to: 1100 },
        claim: `At the start the preactivations of layer ${layer} move at a speed that falls as 1/√h.`,
        source: "Fig. 8, eq. 12",
        published: "slope -1/2 from h = 60 on",
        expect: within(-0.5, 0.12),
      })),
      {
        id: "velocity-order",
        figure: "8",
        quantity: {
          of: "rank",
          x: "layer",
          y: "velocity",
          by: net,
          where: { h: widths.filter((h) => h >= 100) },
          from: 0,
          to: 10,
        },
        claim: "Later layers move faster. (Judged is the rank correlation of speed and layer, h of 100 and more.)",
        source: "Fig. 8",
        published: "ordered at every width",
        expect: between(0.9, 1),
      },
      {
        ...gradient("gradient-bias", ["B0", "B1", "B2", "B3", "B4"]),
        claim: "The output's gradient by a bias of a hidden layer falls as 1/√h (all five).",
        published: "slope -1/2",
        expect: within(-0.5, 0.1),
      },
      {
        ...gradient("gradient-last", ["W5"]),
        claim: "The output's gradient by a weight of the last layer falls as 1/√h.",
        published: "slope -1/2",
        expect: within(-0.5, 0.1),
      },
      {
        ...gradient("gradient-inner", ["W1", "W2", "W3", "W4"]),
        claim: "The output's gradient by a weight between hidden layers falls as 1/h (all four).",
        published: "slope -1",
        expect: within(-1, 0.1),
      },
      ...DEPTHS.map((depth): Claim => ({
        id: `infinite-${depth}`,
        figure: "infinite",
        quantity: { of: "slope", x: "h", y: "distance", by: ["replica"], where: { depth, of: "net" }, ...everywhere },
        claim: `The tangent kernel at the start tends to that of infinite width, as 1/√h (L = ${depth}).`,
        source: "Sec. 1 and 4",
        published: "fluctuations of order 1/√h",
        expect: within(-0.5, 0.15),
      })),
      {
        id: "infinite-mean",
        figure: "infinite",
        quantity: { of: "largest", y: "distance", where: { of: "mean", h: Math.max(...widths) } },
        claim:
          "Its mean over nets is near that limit at the largest width. (Judged is the larger distance of L = 2 and 5.)",
        source: "Sec. 1",
        published: "the limit",
        expect: below(0.06),
        at: { medium: atMost(0.05), paper: atMost(0.04) },
      },
    ]),
  figures: ({ plots, tables }) => [
    {
      id: "8",
      title: "How fast preactivations begin to move",
      caption:
        "Root mean square over points and units of dz/dt, from the exact derivative along the gradient of the " +
        "loss (the paper takes one small step), α = 1, L = 5; layer 6 is the output. After Fig. 8.",
      figure: plots.velocities,
      table: tables.layers,
    },
    {
      id: "eq11",
      title: "How large gradients are at the start",
      caption:
        "Root mean square entries over points, for each array of weights W and biases B, L = 5. The heuristic " +
        "arguments of the paper start from here. After eq. 11.",
      figure: plots.gradients,
      table: tables.arrays,
    },
    {
      id: "infinite",
      title: "How near infinite width",
      caption:
        `Frobenius distance on ${FEW} points. The limit is computed by recursion over layers, its Gaussian ` +
        "expectations by quadrature.",
      figure: plots.distances,
      table: tables.distances,
    },
  ],
})
