// Chance that can be had again: a test that depends on the moment names its seed, and a failure is repeated with
// CHANCE_SEED=… in the environment.

/** The seed of this run of the tests. */
export const chanceSeed = Number(process.env["CHANCE_SEED"] ?? Date.now() % 1_000_000)

/** Numbers from 0 to 1, the same for the same seed and name. */
export const chance = (name: string): (() => number) => {
  let state = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2_147_483_647, chanceSeed + 1)
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}
