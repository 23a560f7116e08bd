// Events as a live picture in a terminal: counts per stage, running nodes with their progress, and the time left.
// Loaded only if there is a terminal. Knows nothing about the wording of events.
import { createLogUpdate } from "log-update"
import type { Event } from "../event.ts"
import { printable } from "../text/printable.ts"
import type { Printer } from "./printer.ts"
import { line } from "./message.ts"
import { seconds } from "../text/amount.ts"

/** A live picture below the lines: counts per stage, running nodes with their progress, and the time left. */
export const livePrinter = (stream: NodeJS.WriteStream, jobs: number): Printer => {
  const draw = createLogUpdate(stream)
  const view = new View(jobs)
  let timer: NodeJS.Timeout | undefined
  const close = (): void => {
    clearInterval(timer)
    draw.clear()
    draw.done()
  }
  return {
    listen: (event) => {
      view.see(event, performance.now())
      // Before a run starts there is no picture below the lines.
      if (event._tag === "RunStarted") timer = setInterval(() => draw(printable(view.frame(performance.now()))), 100)
      if (event._tag === "RunDone" || event._tag === "VerifyDone") close()
      const text = line(event)
      if (text === undefined || event._tag === "NodeStarted") return
      draw.clear()
      stream.write(`${printable(text)}\n`)
    },
    close,
  }
}

/** The state of the live picture. Events change it; it can be drawn at any time. */
export class View {
  readonly #jobs: number
  readonly #stages = new Map<string, { done: number; failed: number }>()
  readonly #ended = new Map<string, { readonly stage: string; readonly how: "done" | "failed" }>()
  readonly #running = new Map<string, { readonly stage: string; readonly since: number; fraction: number }>()
  readonly #took = new Map<string, Array<number>>()
  #expected: ReadonlyMap<string, number> = new Map()
  #total = 0

  constructor(jobs: number) {
    this.#jobs = jobs
  }

  see(event: Event, now: number): void {
    switch (event._tag) {
      case "RunStarted":
        this.#expected = event.expectedSeconds
        this.#total = event.nodes
        return
      case "NodeStarted":
        this.#forget(event.node) // it may have ended before and now runs again
        this.#running.set(event.node, { stage: event.stage, since: now, fraction: 0 })
        return
      case "NodeProgress": {
        const running = this.#running.get(event.node)
        if (running !== undefined) running.fraction = event.fraction
        return
      }
      case "NodeDone":
      case "NodeVerified":
      case "NodeUnverifiable":
      case "NodeFailed":
      case "NodeSkipped": {
        this.#running.delete(event.node)
        if ("within" in event) return // the node over the list counts, not its items
        const { stage, node } = event
        const how = event._tag === "NodeDone" || event._tag === "NodeVerified" ? "done" : "failed"
        this.#forget(node)
        this.#ended.set(node, { stage, how })
        this.#count(stage, how, 1)
        if (event._tag === "NodeVerified" || (event._tag === "NodeDone" && event.outcome === "run"))
          this.#took.set(stage, [...(this.#took.get(stage) ?? []), event.seconds])
        return
      }
      default:
    }
  }

  #forget(node: string): void {
    const ended = this.#ended.get(node)
    if (ended !== undefined) this.#count(ended.stage, ended.how, -1)
    this.#ended.delete(node)
  }

  #count(stage: string, how: "done" | "failed", by: number): void {
    const counts = this.#stages.get(stage) ?? { done: 0, failed: 0 }
    counts[how] += by
    this.#stages.set(stage, counts)
  }

  frame(now: number): string {
    const stages = [...this.#stages]
      .map(([name, { done, failed }]) => `${name} ${done}${failed > 0 ? ` (${failed} not)` : ""}`)
      .join("  ")
    const running = [...this.#running]
      .slice(0, 12)
      .map(([node, { since, fraction }]) => `  ${bar(fraction)} ${node}  ${seconds((now - since) / 1000)}`)
    const left = this.#secondsLeft()
    return [
      `${this.#ended.size} of ${this.#total} nodes${left === undefined ? "" : `, about ${seconds(left)} left`} ` +
        `  ${stages}`,
      ...running,
    ].join("\n")
  }

  // A running node: its progress, and the seconds it took last time (or the mean of its stage). A node that has not
  // started: the mean of all nodes that ran. The sum is divided by the number of jobs.
  #secondsLeft(): number | undefined {
    const all = [...this.#took.values()].flat()
    if (all.length === 0 && this.#expected.size === 0) return undefined
    const usual = all.length > 0 ? mean(all) : mean([...this.#expected.values()])
    const running = [...this.#running].map(([node, { stage, fraction }]) => {
      const took = this.#took.get(stage)
      return (this.#expected.get(node) ?? (took === undefined ? usual : mean(took))) * (1 - fraction)
    })
    return (
      (running.reduce((sum, value) => sum + value, 0) +
        Math.max(0, this.#total - this.#ended.size - running.length) * usual) /
      this.#jobs
    )
  }
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length

const bar = (fraction: number): string =>
  `${"█".repeat(Math.round(fraction * 12))}${"░".repeat(12 - Math.round(fraction * 12))}`
