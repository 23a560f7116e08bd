// The sentence for a person who did not get the whole output. Knows nothing about how the loss was noticed.

export const outputNotWritten = (because: string): string =>
  `Not all of the output could be written (${because}). ` +
  "Finished results are kept: make room, or write the output to another place, and run the command again."
