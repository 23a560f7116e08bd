// Our side of the rows, by name. Loaded only by the process that does one of them: its memory is that work's alone.

export const works = {
  peak: () => import("./works/peak.ts"),
  step: () => import("./works/step.ts"),
  descend: () => import("./works/descend.ts"),
  problem: () => import("./works/problem.ts"),
  run: () => import("./works/run.ts"),
  kernel: () => import("./works/kernel.ts"),
  efficientnet: () => import("./works/efficientnet.ts"),
  compile: () => import("./works/compile.ts"),
}
export type Work = keyof typeof works
