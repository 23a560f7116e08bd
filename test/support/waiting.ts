// A stage has no clock: what a test wants to take a while computes for about so long.

/** The text of a function `wait` for a stage: some milliseconds of work, in which others have their turn. */
export const waiting = `const wait = (milliseconds: number): Promise<number> => new Promise((done) => {
  let steps = 0
  const step = (): void => {
    let sum = 0
    for (let i = 0; i < 100_000; i++) sum += Math.sqrt(i)
    if (++steps > 5 * milliseconds) done(sum)
    else setImmediate(step)
  }
  step()
})
`
