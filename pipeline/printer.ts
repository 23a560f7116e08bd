// Events -> what stands on the terminal: lines above a live picture where there is a terminal, plain lines
// elsewhere, or one JSON object a line. Words come from message.ts.
import { createLogUpdate } from "log-update"
import type { Event } from "./event.ts"
import { failure, line, seconds } from "./message.ts"

export interface Printer {
  readonly listen: (event: Event) => void
  /** Leaves the terminal as it is. */
  readonly close: () => void
}

/** One JSON object a line, with the version of the form. */
export const jsonPrinter = (write: (text: string) => void): Printer => ({
  listen: (event) => write(`${JSON.stringify({ v: 1, ...plain(event) })}\n`),
  close: () => {},
})

// A check leads by the output it looks at to the whole graph, and a Map has no JSON.
const plain = (event: Event): object => {
  switch (event._tag) {
    case "RunStarted":
      return { ...event, expectedSeconds: Object.fromEntries(event.expectedSeconds) }
    case "CheckJudged": {
      const { check, ...judged } = event.judged
      return { _tag: event._tag, check: check.id, claim: check.claim, expected: check.expect.text, ...judged }
    }
    case "NodeFailed":
      return { ...event, error: event.error._tag, reason: event.error.reason, message: failure(event.error) }
    default:
      return event
  }
}

export const plainPrinter = (write: (text: string) => void): Printer => ({
  listen: (event) => {
    const text = line(event)
    if (text !== undefined) write(`${text}\n`)
  },
  close: () => {},
})

/** A picture below the lines: counts per stage, running nodes with their progress, and the time left. */
export const livePrinter = (stream: NodeJS.WriteStream, jobs: number): Printer => {
  const draw = createLogUpdate(stream)
  const view = new View(jobs)
  const timer = setInterval(() => draw(view.frame(performance.now())), 100)
  const close = (): void => {
    clearInterval(timer)
    draw.clear()
    draw.done()
  }
  return {
    listen: (event) => {
      view.see(event, performance.now())
      if (event._tag === "RunDone") close()
      const text = line(event)
      if (text === undefined || event._tag === "NodeStarted") return
      draw.clear()
      stream.write(`${text}\n`)
    },
    close,
  }
}

/** What the live picture knows; turned by events, drawn at any time. */
export class View {
  readonly #jobs: number
  readonly #stages = new Map<string, { done: number; failed: number }>()
  readonly #running = new Map<string, { readonly stage: string; readonly since: number; fraction: number }>()
  readonly #took = new Map<string, Array<number>>()
  #expected: ReadonlyMap<string, number> = new Map()
  #left = 0
  #total = 0

  constructor(jobs: number) {
    this.#jobs = jobs
  }

  see(event: Event, now: number): void {
    switch (event._tag) {
      case "RunStarted":
        this.#expected = event.expectedSeconds
        this.#total = event.nodes
        this.#left = event.nodes
        return
      case "NodeStarted":
        this.#running.set(event.node, { stage: event.stage, since: now, fraction: 0 })
        return
      case "NodeProgress": {
        const running = this.#running.get(event.node)
        if (running !== undefined) running.fraction = event.fraction
        return
      }
      case "NodeDone":
      case "NodeFailed":
      case "NodeSkipped": {
        this.#running.delete(event.node)
        this.#left--
        const stage = this.#stages.get(event.stage) ?? { done: 0, failed: 0 }
        if (event._tag === "NodeDone") stage.done++
        else stage.failed++
        this.#stages.set(event.stage, stage)
        if (event._tag === "NodeDone" && event.outcome === "run") this.#took.set(event.stage, [...(this.#took.get(event.stage) ?? []), event.seconds])
        return
      }
      case "InputLost":
        this.#left++ // its producer ends once more
        return
      default:
    }
  }

  frame(now: number): string {
    const stages = [...this.#stages].map(([name, { done, failed }]) => `${name} ${done}${failed > 0 ? ` (${failed} not)` : ""}`).join("  ")
    const running = [...this.#running].slice(0, 12).map(([node, { since, fraction }]) => `  ${bar(fraction)} ${node}  ${seconds((now - since) / 1000)}`)
    const left = this.#secondsLeft()
    return [`${this.#total - this.#left} of ${this.#total} nodes${left === undefined ? "" : `, about ${seconds(left)} left`}   ${stages}`, ...running].join("\n")
  }

  // What runs now, by its own progress or by what it took the last time, or by the mean of its stage; shared by
  // the jobs. What has not started counts as the mean of all that ran.
  #secondsLeft(): number | undefined {
    const all = [...this.#took.values()].flat()
    if (all.length === 0 && this.#expected.size === 0) return undefined
    const usual = all.length > 0 ? mean(all) : mean([...this.#expected.values()])
    const running = [...this.#running].map(([node, { stage, fraction }]) => {
      const took = this.#took.get(stage)
      return (this.#expected.get(node) ?? (took === undefined ? usual : mean(took))) * (1 - fraction)
    })
    return (running.reduce((sum, value) => sum + value, 0) + Math.max(0, this.#left - running.length) * usual) / this.#jobs
  }
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length

const bar = (fraction: number): string => `${"█".repeat(Math.round(fraction * 12))}${"░".repeat(12 - Math.round(fraction * 12))}`
