// How does a text that a spec, a stage or a store gave come to a terminal? With what would steer the terminal, or the
// build server that reads along, written out. Knows nothing of what the text says.

/** What is no character: what moves, recolours or reorders others. */
export const control = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

/**
 * A text with all control characters but ends of lines and tabs as `\u001b`, and so the first sign of what GitHub
 * would take for a command. JSON stays JSON that says the same.
 */
export const printable = (text: string): string =>
  text
    .replaceAll(control, (sign, at: number) => (isUsual(sign, text[at + 1]) ? sign : written(sign)))
    .replaceAll(/^(\s*):(?=:)/gm, (_, space: string) => space + written(":"))
    .replaceAll(/##(?=\[)/g, `#${written("#")}`)

const isUsual = (sign: string, next: string | undefined): boolean =>
  sign === "\n" || sign === "\t" || (sign === "\r" && next === "\n")

const written = (sign: string): string => String.raw`\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`
