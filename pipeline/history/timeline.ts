// When did the nodes of a run compute, side by side, and which of them made it so long? Pure: from times and
// digests to a table of bars. Drawing it is gantt.ts.

/** A node that ran. */
export interface Span {
  readonly node: string
  /** Milliseconds. */
  readonly began: number
  readonly ended: number
  readonly threads: number
  readonly failed: boolean
  /** Digests of what it took and of what it gave. */
  readonly takes: ReadonlyArray<string>
  readonly gives: ReadonlyArray<string>
}

export interface Bar extends Pick<Span, "node" | "threads" | "failed"> {
  /** Seconds after the first bar begins. */
  readonly from: number
  readonly to: number
  /** Which of the places side by side; bars of one place do not overlap. */
  readonly lane: number
  readonly critical: boolean
}

export interface Timeline {
  readonly bars: ReadonlyArray<Bar>
  readonly lanes: number
  readonly seconds: number
  /** Seconds in which the critical path's nodes computed: no number of cores makes the run shorter. */
  readonly criticalSeconds: number
  /** Threads busy in the mean. */
  readonly cores: number
}

// The end of a node is told a moment after another could take its place: so many milliseconds are no overlap.
const endTold = 50

/** The bars of a run, by the time they began. */
export const timeline = (spans: ReadonlyArray<Span>): Timeline => {
  const ordered = [...spans].sort((a, b) => a.began - b.began || a.ended - b.ended)
  const start = ordered[0]?.began ?? 0
  const critical = criticalPath(ordered)
  const busyUntil: Array<number> = []
  const bars = ordered.map((span): Bar => {
    const grace = Math.min(endTold, (span.ended - span.began) / 2)
    const free = busyUntil.findIndex((until) => until <= span.began + grace)
    const lane = free === -1 ? busyUntil.length : free
    busyUntil[lane] = span.ended
    const { node, threads, failed } = span
    return {
      node,
      threads,
      failed,
      from: (span.began - start) / 1000,
      to: (span.ended - start) / 1000,
      lane,
      critical: critical.has(span),
    }
  })
  const seconds = bars.reduce((last, { to }) => Math.max(last, to), 0)
  const busy = bars.reduce((sum, { from, to, threads }) => sum + (to - from) * threads, 0)
  const criticalSeconds = bars.reduce((sum, { from, to, critical }) => sum + (critical ? to - from : 0), 0)
  return { bars, lanes: busyUntil.length, seconds, criticalSeconds, cores: seconds === 0 ? 0 : busy / seconds }
}

/** The chain that takes longest, each link taking what the one before gave. */
const criticalPath = (spans: ReadonlyArray<Span>): ReadonlySet<Span> => {
  const givers = new Map<string, Array<Span>>()
  for (const span of spans) for (const digest of span.gives) givers.set(digest, [...(givers.get(digest) ?? []), span])
  const longest = new Map<Span, { readonly seconds: number; readonly before: Span | undefined }>()
  let last: Span | undefined
  // Those that gave have ended before, so they are done first in the order of ends.
  for (const span of [...spans].sort((a, b) => a.ended - b.ended)) {
    const before = [...new Set(span.takes)]
      .flatMap((digest) => givers.get(digest) ?? [])
      .reduce<Span | undefined>(
        (best, giver) =>
          longest.has(giver) && (best === undefined || longest.get(giver)!.seconds > longest.get(best)!.seconds)
            ? giver
            : best,
        undefined,
      )
    longest.set(span, {
      seconds: span.ended - span.began + (before === undefined ? 0 : longest.get(before)!.seconds),
      before,
    })
    if (last === undefined || longest.get(span)!.seconds > longest.get(last)!.seconds) last = span
  }
  const path = new Set<Span>()
  for (let at = last; at !== undefined; at = longest.get(at)!.before) path.add(at)
  return path
}
