// The sentence for a person who did not get the whole output. Knows nothing about how the loss was noticed.

export const unwritten = (because: string): string =>
  `Not all that was to be said could be written (${because}). ` +
  "What was computed is kept: make room, or say where else it goes, and ask again."
