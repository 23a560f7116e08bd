// When did the nodes of a run compute, and which nodes determined how long the run took? Pure: from times and digests
// to a table of bars. Knows nothing about drawing: `gantt.ts` does that.

/** A node that ran. */
export interface Span {
  readonly node: string
  /** Milliseconds. */
  readonly began: number
  readonly ended: number
  readonly threads: number
  readonly failed: boolean
  /** The digests of its inputs (`takes`) and outputs (`gives`). */
  readonly takes: ReadonlyArray<string>
  readonly gives: ReadonlyArray<string>
}

export interface Bar extends Pick<Span, "node" | "threads" | "failed"> {
  /** Seconds after the first bar begins. */
  readonly from: number
  readonly to: number
  /** The number of the row in the picture; bars in the same lane do not overlap. */
  readonly lane: number
  readonly critical: boolean
}

export interface Timeline {
  readonly bars: ReadonlyArray<Bar>
  readonly lanes: number
  readonly seconds: number
  /**
   * Seconds in which the nodes of the critical path computed: the run cannot be shorter, however many cores there are.
   */
  readonly criticalSeconds: number
  /** The mean number of busy threads. */
  readonly cores: number
}

// The end of a node is reported a moment after its successor may start, so this many milliseconds do not count as an
// overlap.
const endTold = 50

/** The bars of a run, in the order of their start. */
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

/** The longest chain of nodes (in seconds) in which each node reads an output of the previous node. */
const criticalPath = (spans: ReadonlyArray<Span>): ReadonlySet<Span> => {
  const givers = new Map<string, Array<Span>>()
  for (const span of spans) for (const digest of span.gives) givers.set(digest, [...(givers.get(digest) ?? []), span])
  const longest = new Map<Span, { readonly seconds: number; readonly before: Span | undefined }>()
  let last: Span | undefined
  // A node ends after the nodes it reads from, so the order of ends handles those nodes first.
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
