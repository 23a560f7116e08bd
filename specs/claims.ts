// What Geiger et al. claim of the figures in this spec, and by which number each claim is judged. At quick scale
// the widths are below the paper's: levels differ from net to net by up to ten times, slopes within one net do not.
import { above, atMost, cell, check, within, type Check } from "../pipeline/check.ts"
import type { Output } from "../pipeline/node.ts"
import type { Table } from "../pipeline/stage.ts"

/** The predicted power a of feature learning with L hidden layers (eq. 14). */
export const feature = (depth: number): number => 2 / (1 + 1 / depth)

export const claims = (summary: Output<Table>, depth: number): ReadonlyArray<Check> => {
  const value = (quantity: string) => cell(summary, { quantity }, "value")
  return [
    check({
      id: "all-fit",
      claim: "Every net fits all its training points: its loss comes to zero. (Judged is the number of nets that do not; other claims leave them out.)",
      source: "Sec. 2 and 4",
      published: "all nets",
      value: value("unconverged"),
      expect: within(0, 0),
    }),
    check({
      id: "kernel-slope-lazy",
      claim: "Lazy regime: the relative change of the tangent kernel falls as 1/(√h·α).",
      source: "Fig. 3a, Sec. 5",
      published: "slope -1",
      value: value("kernelChangeSlopeLazy"),
      spread: "spread",
      expect: within(-1, 0.08),
    }),
    check({
      id: "kernel-slope-feature",
      claim: "Feature learning: the relative change of the tangent kernel falls as (√h·α)^(−a), with a predicted as 2/(1 + 1/L) for L hidden layers.",
      source: "Fig. 3a, eq. 9 and 14",
      published: "slope -1.7 measured, -1.67 predicted",
      value: value("kernelChangeSlopeFeature"),
      spread: "spread",
      expect: within(-feature(depth), 0.2),
    }),
    check({
      id: "kernel-collapse-lazy",
      claim: "Lazy regime: against √h·α the kernel changes of all widths fall on one curve. (Judged is the ratio between widths.)",
      source: "Fig. 3a, right",
      published: "curves on top of each other",
      value: value("kernelChangeCollapseLazy"),
      expect: atMost(2.5),
    }),
    check({
      id: "kernel-collapse-feature",
      claim: "Feature learning: against √h·α the kernel changes of all widths fall on one curve. (Judged is the ratio between widths, wide at small ones.)",
      source: "Fig. 3a, right",
      published: "curves on top of each other",
      value: value("kernelChangeCollapseFeature"),
      expect: atMost(5),
    }),
    check({
      id: "t1-slope-feature",
      claim: "Feature learning: the time in which the loss halves grows as √h·α.",
      source: "Fig. 3c, eq. 10",
      published: "slope 1",
      value: value("t1SlopeFeature"),
      spread: "spread",
      expect: within(1, 0.1),
    }),
    check({
      id: "t1-constant-lazy",
      claim: "Lazy regime: the time in which the loss of one net halves does not depend on α. (Judged is the largest relative variation within one net.)",
      source: "Fig. 3b and 3c",
      published: "constant",
      value: value("t1VariationLazy"),
      expect: atMost(0.08),
    }),
    check({
      id: "weight-slope-lazy",
      claim: "Lazy regime: the relative change of the weights falls as 1/α.",
      source: "Fig. 6",
      published: "slope -1",
      value: value("weightChangeSlopeLazy"),
      spread: "spread",
      expect: within(-1, 0.08),
    }),
    check({
      id: "ensemble-gain",
      claim: "Averaging the outputs of nets with different initial weights lowers the test error (the gain, averaged over the grid, is judged).",
      source: "Fig. 2b, Sec. 4",
      published: "0.6 to 2.6 points at 5,000 points",
      value: value("ensembleGain"),
      spread: "spread",
      expect: above(0),
    }),
    check({
      id: "frozen-is-lazy",
      claim: "The limit of large α is learning with the kernel frozen at the start (the gap in test error, averaged over nets, is judged).",
      source: "Fig. 1a and 1c",
      published: "the curves meet for α above 100",
      value: value("frozenGap"),
      expect: atMost(0.03),
    }),
  ]
}
