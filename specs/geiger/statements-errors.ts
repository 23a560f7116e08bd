// What the paper says in its sections 1 to 4, in our own words: the setting, the errors and the ensembles.
import type { Statement } from "../../pipeline/spec.ts"
import { covered, open } from "../support/statement.ts"

export const errorStatements: ReadonlyArray<Statement> = [
  covered(
    "Sec. 1",
    "At infinite width the tangent kernel at the start does not vary.",
    "infinite-2",
    "infinite-5",
    "infinite-mean",
  ),
  open(
    "Sec. 1",
    "At infinite width the tangent kernel does not change in time.",
    "widths are finite; its change in the lazy regime is measured against √h·α",
  ),
  open(
    "Sec. 1",
    "Seen as a distribution of neurons, a wide net of one hidden layer obeys a differential equation.",
    "no net with one hidden layer is trained here",
  ),
  open(
    "Sec. 2",
    "For large α the weights move by 1/α in total.",
    "the weights are judged relative to their start: weight-slope-lazy",
  ),
  covered(
    "Sec. 1 and 2",
    "For large α the net learns as its tangent kernel at the start would: the dynamics is linear.",
    "frozen-is-lazy",
    "width-frozen-gap",
  ),
  covered(
    "Sec. 1",
    "In the lazy regime the dynamics in time does not depend on h.",
    "t1-collapse-lazy",
    "t2-collapse-lazy",
  ),
  covered(
    "Sec. 2",
    "With the factor 1/α² in the loss, the time of convergence does not depend on large α.",
    "t2-constant-lazy",
  ),
  open(
    "Sec. 2",
    "Hinge loss and cross-entropy give the same performance.",
    "only the hinge loss is trained; the statement cites other work",
  ),
  covered("Sec. 2", "Preactivations have variance one at the start.", "preactivation-variance"),
  covered(
    "Fig. 1a",
    "The error of fully connected nets falls with the width at every α (judged at the smallest and the largest).",
    "width-helps-feature",
    "width-helps-lazy",
    "width-smoothed-feature",
    "width-smoothed-lazy",
  ),
  covered("Fig. 1a", "At one width the error rises with α.", "width-feature-gain", "feature-beats-lazy"),
  covered(
    "Fig. 1a and 1b",
    "The error rises with α step by step until it no longer changes.",
    "width-order",
    "cnn-order",
    "width-frozen-gap",
  ),
  covered(
    "Fig. 1a",
    "The limit of large α is learning with the kernel frozen at the start.",
    "width-frozen-gap",
    "frozen-is-lazy",
  ),
  covered("Fig. 1b", "In convolutional nets, too, the limit of large α is the frozen kernel.", "cnn-lazy-is-frozen"),
  covered(
    "Fig. 1b",
    "In convolutional nets the difference between the regimes stays large.",
    "cnn-feature-over-frozen",
  ),
  covered(
    "Fig. 1c",
    "The error rises from feature learning to the lazy regime, at every width (judged by a mean over widths).",
    "error-rises",
  ),
  covered("Fig. 1c, Sec. 3", "Towards small α the error approaches another limit.", "feature-plateau"),
  covered("Fig. 1d", "Rescaled errors of all widths lie on one curve of √h·α.", "error-collapse"),
  covered("Abstract (i)", "The regimes are separated at α of order 1/√h.", "error-collapse", "kernel-crossover-width"),
  covered(
    "Abstract (ii)",
    "Feature learning outperforms lazy learning.",
    "width-feature-gain",
    "softplus-feature-gain",
    "feature-beats-lazy",
    "cnn-feature-over-frozen",
  ),
  covered("Abstract (ii)", "For fully connected nets this difference decreases with the width.", "width-gap-closes"),
  covered(
    "Fig. 2a, eq. 8",
    "In both regimes the variance of the output falls as 1/h.",
    "variance-feature",
    "variance-lazy",
  ),
  covered("Sec. 4", "The tangent kernel at the start fluctuates by order 1/√h.", "infinite-2", "infinite-5"),
  covered("Sec. 4", "The error approaches its limit as 1/h.", "error-limit"),
  covered(
    "Fig. 2b, Sec. 4",
    "Averaging the outputs of nets lowers the error in both regimes.",
    "ensemble-gain",
    "ensemble-always",
    "cnn-ensemble-gain",
  ),
  covered(
    "Sec. 4 (i)",
    "The error of the mean output hardly depends on the width.",
    "ensemble-collapse",
    "ensemble-width",
  ),
  covered("Sec. 4", "The error of single nets falls with the width.", "single-width"),
  covered(
    "Sec. 4 (i)",
    "The plateau of the mean output is the performance of one net of infinite width (judged for lazy nets).",
    "ensemble-limit",
  ),
  covered(
    "Fig. 2c, Sec. 4 (ii)",
    "Averaged, fully connected nets of both regimes are nearly equal: a ratio of 1.02.",
    "ensemble-ratio",
  ),
  covered(
    "Fig. 2d, Sec. 4 (ii)",
    "Averaged, convolutional nets of the two regimes differ much: a ratio of 1.7.",
    "cnn-ensemble-ratio",
  ),
  covered(
    "Fig. 2d",
    "At fixed α wider nets pass from feature learning to the lazy regime, and err more.",
    "cnn-crossing-over",
  ),
  open(
    "Sec. 4 (iii)",
    "The best procedure is to average nets in feature learning at a small width.",
    "advice; the claims on ensembles are its parts",
  ),
  open(
    "Sec. 4",
    "All training points are fitted in these runs.",
    "this is a condition of the other claims; checks of our own count the nets that do not",
  ),
]
