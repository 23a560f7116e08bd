// Makes a text from a spec, a stage or a store safe to print. Signs that would steer the terminal, or a build server
// that reads the output, are escaped. Knows nothing about what the text says.

/** Control characters: signs that move, recolour or reorder other characters. */
export const control = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

/**
 * A text with all control characters escaped as `\u001b`, except ends of lines and tabs. The first sign of a text that
 * GitHub would take for a command is escaped too. JSON stays JSON with the same meaning.
 */
export const printable = (text: string): string =>
  text
    .replaceAll(control, (sign, at: number) => (isUsual(sign, text[at + 1]) ? sign : written(sign)))
    .replaceAll(/^(\s*):(?=:)/gm, (_, space: string) => space + written(":"))
    .replaceAll(/##(?=\[)/g, `#${written("#")}`)

const isUsual = (sign: string, next: string | undefined): boolean =>
  sign === "\n" || sign === "\t" || (sign === "\r" && next === "\n")

const written = (sign: string): string => String.raw`\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`
