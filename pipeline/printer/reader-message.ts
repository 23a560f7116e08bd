// The sentence a person reads who did not get all of the others.

export const unwritten = (because: string): string =>
  `Not all of the output could be written (${because}). ` +
  "Finished results are kept: make room, or write the output to another place, and run the command again."
