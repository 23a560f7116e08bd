// How long does work take, at its fastest? The counterpart of timing.py.

/** What a process tells of one work, beside its peak memory. */
export interface Timing {
  /** Of one unit of it. */
  readonly seconds: number
  /** Anything else worth a look, for --json. */
  readonly [detail: string]: number | string
}

export const now = (): number => performance.now() / 1000

/**
 * The fewest seconds that a step took; `take(k)` takes k of them, which is timed for about a second and five steps, as
 * in a stage.
 */
export const least = async (take: (count: number) => Promise<void>, seconds = 3): Promise<number> => {
  const timed = async (count: number): Promise<number> => {
    const begin = now()
    await take(count)
    return (now() - begin) / count
  }
  await take(1)
  let best = await timed(1)
  const count = Math.max(5, Math.ceil(1 / best))
  const end = now() + seconds
  do best = Math.min(best, await timed(count))
  while (now() < end)
  return best
}
