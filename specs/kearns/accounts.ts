// What the report says, what its program did, and what was measured here.
import type { Account } from "../../pipeline/spec.ts"

export const accounts: ReadonlyArray<Account> = [
  {
    subject: "the data",
    text: "Normal inputs with mean 0 and deviation 1; as many points of each class.",
    program: "Uniform inputs in [0, 1) from numpy's generator with seed 42; 48 ones among 100 labels.",
    finding: "The program's data are used, bit for bit, and give the borders of the report.",
    claims: ["crossing-0.07", "sweep-crossing-0.07"],
  },
  {
    subject: "the metric",
    text: "The percentage by which weights change, normalised by the number of units.",
    program: "The Frobenius norm of the change of both kernels, divided by the width. No percentage.",
    finding:
      "The norm hardly depends on the width, so the division by it makes the metric fall. Relative to the start, the " +
      "hidden weights of the widest net still move by 37 %, its output weights by many times their size.",
    claims: ["sweep-norm-smallest", "sweep-norm-largest", "sweep-relative-value", "sweep-relative-output"],
  },
  {
    subject: "the threshold of laziness",
    text: "A level of significance is established; no number is given.",
    program: "The last segment of figure 3 begins at 0.009.",
    finding:
      "The level is crossed at about 2,420 units, 24 for each point. Beyond it the relative movement falls as before.",
    claims: ["sweep-crossing-0.009", "sweep-relative-slope-above", "sweep-relative-widest"],
  },
  {
    subject: "the initial weights",
    text: "Uniform between −0.05 and 0.05 in all experiments.",
    program:
      "PyTorch's default for figures 2, 3 and 7; uniform for figures 4 to 6, every layer with the same seed; Keras' " +
      "default for equal numbers of units and for images.",
    finding:
      "Each is used where the program used it. That layers share their random numbers changes the movement by less " +
      "than a tenth, on average over n in the kept sweep; at n = 200 that net moves 14 % less.",
    claims: ["shared-draw", "sweep-shared-draw"],
  },
  {
    subject: "equal numbers of weights",
    text: "Widths n/2 and n/20 have d n weights, as one layer has.",
    program: "The same widths, which have 5 n + n²/40 weights: 10 n at n = 200 only.",
    finding:
      "At n = 6,000 the two layers have 15.5 times the weights. With truly matched numbers two layers move more than " +
      "one at small n, and do not come down to it at large n.",
    claims: ["sweep-two-weights", "sweep-two-worse-matched", "sweep-two-matched-large"],
  },
  {
    subject: "figure 4b",
    text: "Not explained.",
    program: "A cell of the notebook multiplies by 30 and divides by 10; the picture has no such factor 3.",
    finding: "The picture is √(mean |ΔW|) / n: most of its fall is the division by n (power −1 of −1.2).",
    claims: ["sweep-two-same-value", "sweep-root-slope"],
  },
  {
    subject: "two layers against one",
    text: "Two layers perform worse: they move more.",
    program: "Mean absolute changes of the hidden weights, added over the layers.",
    finding:
      "The sum of two layers is larger at small n. At n = 200 it is 0.34 here, where the report has 0.27. Relative " +
      "to their start, the weights of two layers move less than those of one at large n. No net is lazy.",
    claims: ["sweep-two-worse", "sweep-two-relative", "sweep-two-lazy"],
  },
  {
    subject: "repetitions",
    text: "None mentioned.",
    program: "Three trials for figure 4, of which the entries of the first are averaged again and again.",
    finding: "This run draws several nets of each kind; the kept sweeps have one, as the figures of the report do.",
    claims: ["two-worse", "sweep-two-worse"],
  },
  {
    subject: "the outlier of three layers",
    text: "Not mentioned.",
    program: "A movement of 0.014 at n = 5,400, a third of its neighbours'.",
    finding: "Nets that stay at the saddle of the start move as little, with a loss of 0.6923. They are counted here.",
    claims: ["sweep-saddle-loss", "sweep-saddle-movement", "sweep-three-unfit"],
  },
  {
    subject: "loss curves",
    text: "The widest net has the rightmost curve; the axis is α; widths 100, 49,800 and 99,500.",
    program: "The axis is the epoch, the widths are 100, 5,070 and 10,040, and the widest net is the fastest.",
    finding: "The widest net needs about a seventh of the epochs of the narrowest.",
    claims: ["curves-direction", "epochs-100", "epochs-10040"],
  },
  {
    subject: "the backbone",
    text: "EfficientNet-B0 trained to 99.0 % on MNIST.",
    program: ".9506 over its first epoch, .9891 over its tenth.",
    finding:
      "From random weights the accuracy over the first epoch is far lower, so the report's training was probably " +
      "continued from an earlier one.",
    claims: ["sweep-backbone-first", "sweep-backbone-last"],
  },
  {
    subject: "images",
    text: "Wide heads on frozen features are lazy.",
    program: "The mean changes of both layers are added and not compared with the weights at the start.",
    finding: "The weights at the start get smaller faster than their changes: wider heads are less lazy.",
    claims: ["sweep-heads-lazy", "sweep-heads-share", "sweep-heads-share-grows"],
  },
  {
    subject: "the experiment that was given up",
    text: "100 points with 1,280 inputs; data and labels too irregular for any progress.",
    program: "80 inputs, labels from 0 to 9, and a softmax of one unit with the categorical cross-entropy.",
    finding:
      "The softmax of one unit is constant, so its gradient is exactly zero. With another output every net fits.",
    claims: ["one-unit-still", "too-irregular", "corrected-fit"],
  },
  {
    subject: "equations 10 and 11",
    text: "Δ(F) ≈ η |∇F| / F, and |Df^T (f − y)| ≈ |Df| |f − y|.",
    program: "Not computed.",
    finding: "Equation 10 lacks a square. Equation 11 is a bound; how close it is depends on how labels are written.",
    claims: ["equation-8", "equation-10", "equation-11", "equation-11-signs"],
  },
]
