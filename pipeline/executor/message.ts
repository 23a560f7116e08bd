// Every message about the processes in which stages run: why a process ended before its job was done. Functions from
// data to text. Knows nothing about how a process is run.
import { bytes } from "../text/amount.ts"

export const notStarted = (why: string): string => `A worker did not start: ${why}. Run fewer nodes at once (--jobs).`

export const otherLanguage = (locale: string): string =>
  `This process has the language ${locale}, so its results could differ from the results of workers. Start it ` +
  "with LC_ALL=C, or leave out --executor inline."

/** For a process in which the spec, or a package that the spec loads, changed something that workers have unchanged. */
export const changedByOthers = (what: string): string =>
  `The spec, or a package that it loads, changed ${what} in this process, so results could differ from the ` +
  "results of workers. Remove that change from the spec, or leave out --executor inline."

/** For a process in which a node changed something that cannot be put back. */
export const spoiled = (by: string, what: string): string =>
  `${by} changed ${what} in this process. The change cannot be undone, so no more nodes run in this process. ` +
  "Leave out --executor inline: a worker process is replaced."

export const timedOut = (node: string, limit: number): string =>
  `${node} took longer than ${limit} s and was stopped. Raise --timeout, or the limit of its stage.`

export const overMemoryLimit = (node: string, held: number, limit: number): string =>
  `${node} used ${bytes(held)} of memory, more than its limit of ${bytes(limit)}, and was stopped. Raise the ` +
  "memory in the resources of its stage, or --memory if the stage names none, or make the node smaller."

export const outOfMemory = (node: string): string =>
  `The worker of ${node} ran out of memory. Run fewer nodes at once (--jobs), or make the node smaller.`

/** For a worker that ended while it ran a node, with the last lines that the worker wrote. */
export const lost = (node: string, code: number | null, signal: string | null, words: string): string => {
  const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`
  const guess =
    signal === "SIGKILL" ? " The system does this if memory runs out: run fewer nodes at once (--jobs)." : ""
  return `The worker of ${node} ${how}.${guess}${words === "" ? "" : `\n${words}`}`
}
