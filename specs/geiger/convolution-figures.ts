// How figures 1b, 2d and 5d are drawn: the axes of the paper, and the points read off its figures.
// Knows nothing about the nets behind the tables.
import type { PlotParams } from "../../stages/plot/plot.ts"
import { unfitted } from "./claim.ts"

const axes = {
  x: { field: "h", title: "width h" },
  y: { field: "testError", title: "test error", scale: "linear" },
} as const

export const errorFigure: PlotParams = {
  description:
    "The test error of convolutional nets against their width, for several α and for learning with the kernel frozen " +
    "at the start. Nets of small α have a much smaller error.",
  ...axes,
  color: { field: "alpha", title: "α" },
  over: "replica",
  marked: { ...unfitted, averaged: true },
  guides: [
    {
      kind: "published",
      points: [
        [10, 0.069],
        [100, 0.039],
      ],
      label: "paper, frozen kernel",
    },
    {
      kind: "published",
      points: [
        [10, 0.028],
        [100, 0.018],
      ],
      label: "paper, α = 0.01",
    },
    {
      kind: "published",
      points: [
        [10, 0.038],
        [100, 0.03],
      ],
      label: "paper, α = 1",
    },
  ],
}

export const ensembleFigure: PlotParams = {
  description:
    "The mean test error of single convolutional nets and the test error of their mean output, against the width, " +
    "for several α. Mean outputs of small α have a much smaller error than mean outputs of large α.",
  ...axes,
  color: { field: "alpha", title: "α" },
  shape: { field: "learner", title: "error of" },
  guides: [
    { kind: "level", y: 0.025, label: "paper, ensembles of α = 100" },
    { kind: "level", y: 0.0145, label: "paper, ensembles of α = 0.01" },
    {
      kind: "published",
      points: [
        [10, 0.017],
        [100, 0.0215],
      ],
      label: "paper, ensembles of α = 1",
    },
    {
      kind: "published",
      points: [
        [10, 0.05],
        [100, 0.0375],
      ],
      label: "paper, single nets of α = 100",
    },
    {
      kind: "published",
      points: [
        [10, 0.025],
        [100, 0.0185],
      ],
      label: "paper, single nets of α = 0.01",
    },
  ],
}

export const kernelFigure: PlotParams = {
  description:
    "The test error of convolutional nets with α = 1 against their width, beside learning with their tangent kernel " +
    "frozen at the start and at the end. Learning with the kernel of the end has the same error as the net.",
  ...axes,
  color: { field: "learner", title: "learner" },
  over: "replica",
  marked: unfitted,
  guides: [
    {
      kind: "published",
      points: [
        [4, 0.14],
        [10, 0.07],
        [100, 0.039],
      ],
      label: "paper, kernel of the start",
    },
    {
      kind: "published",
      points: [
        [4, 0.042],
        [10, 0.032],
        [100, 0.0275],
      ],
      label: "paper, kernel of the end",
    },
    {
      kind: "published",
      points: [
        [4, 0.044],
        [10, 0.034],
        [100, 0.0285],
      ],
      label: "paper, net",
    },
  ],
}
