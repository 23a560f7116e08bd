// Nets before they learn. Figure 8: how fast do preactivations begin to move? Eq. 11: how large are gradients? How near
// is the tangent kernel to the kernel of infinite width?
import { grid, node } from "../../pipeline/node.ts"
import { setting } from "../../pipeline/spec.ts"
import { distance } from "../../stages/observables/distance.ts"
import { limit } from "../../stages/net/limit.ts"
import { probe } from "../../stages/observables/probe.ts"
import { claimsOn } from "../support/claims.ts"
import { initialClaims } from "./initial-claims.ts"
import { Count, replicasOf, Widths } from "../support/settings.ts"
import { type GeigerStudy, section } from "./study.ts"

const SOFTPLUS = "softplus"
/** The number of points of the kernels that are compared with infinite width. */
const FEW = 12
const DEPTHS = [2, 5]

const at = ({ h, replica }: { readonly h: number; readonly replica: number }) => ({ h, replica })

const probed = (study: GeigerStudy, depth: number, h: number, replica: number) => {
  const [data, { model, labels }] = [study.parity(), study.fc(SOFTPLUS, depth, h, replica)]
  return study.once(node(probe, { model, kernelPoints: FEW, ...study.compute }, { data: data.train }, labels))
}

export const initial = section({
  prefix: "8",
  settings: {
    widths: setting(
      Widths,
      [32, 64, 128, 256, 512, 1024],
      "widths of the nets before training (figure 8, eq. 11, infinite width)",
    ),
    replicas: setting(Count, 10, "number of such nets of each width"),
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
            "The speed at which the preactivations of each layer begin to move, against the width. The speed falls " +
            "as the inverse square root of the width, and later layers move faster.",
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
            "The size of the output's gradient with respect to single weights at the start, against the width. For " +
            "biases and the last layer it falls as the inverse square root of the width, for inner weights as the " +
            "inverse of the width.",
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
            "The distance of the tangent kernels of single nets, and of their mean, from the kernel of infinite " +
            "width, against the width, for two and five hidden layers. The distance of single nets falls as the " +
            "inverse square root of the width.",
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
  claims: ({ tables }, c) =>
    claimsOn({ "8": tables.layers, "eq-11": tables.arrays, infinite: tables.distances }, initialClaims(c, DEPTHS)),
  figures: ({ plots, tables }) => [
    {
      id: "8",
      title: "How fast preactivations begin to move",
      caption:
        "The speed dz/dt of the preactivations z at the start of training (vertical axis) against the width h " +
        "(horizontal axis). The colour shows the layer; layer 6 is the output. All curves should fall parallel to " +
        "the dashed line 1/√h, and later layers should move faster. The speed is the root mean square over points " +
        "and units, for α = 1 and L = 5. Here it is the exact derivative along the gradient of the loss; the paper " +
        "takes one small step. After Fig. 8.",
      figure: plots.velocities,
      table: tables.layers,
    },
    {
      id: "eq11",
      title: "How large gradients are at the start",
      caption:
        "The gradient of the output with respect to single weights at the start (vertical axis) against the width h " +
        "(horizontal axis). The colour shows the kind of array: weights W or biases B, of the first, an inner or the " +
        "last layer. Biases and the last layer should fall as 1/√h, inner weights as 1/h. The value is the root mean " +
        "square over points and the entries of each array, for L = 5. The heuristic arguments of the paper start " +
        "from these powers. After eq. 11.",
      figure: plots.gradients,
      table: tables.arrays,
    },
    {
      id: "infinite",
      title: "How near the kernel is to infinite width",
      caption:
        "The relative Frobenius distance between the tangent kernel at the start and the kernel of infinite width " +
        `(vertical axis), on ${FEW} points, against the width h (horizontal axis). The colour shows the number of ` +
        "hidden layers L, the shape tells single nets from the mean kernel over nets. Single nets should fall " +
        "parallel to the dashed line 1/√h; their mean should lie lower. The kernel of infinite width is computed by " +
        "recursion over layers, with Gaussian expectations by quadrature.",
      figure: plots.distances,
      table: tables.distances,
    },
  ],
})
