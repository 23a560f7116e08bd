// Makes text that is safe inside a page: every value is escaped, except markup made in this module.
// Knows nothing about elements and styles.

/** Markup that `html` made or `raw` trusts. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** The values that `html` accepts in `${}`; `false` and `undefined` give no text. */
export type Content = Html | string | number | false | undefined | ReadonlyArray<Content>

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const write = (value: Content): string => {
  if (value === undefined || value === false) return ""
  if (value instanceof Html) return value.text
  if (typeof value === "object") return value.map(write).join("")
  return String(value).replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!)
}

/** Markup with escaped values: ``html`<p>${text}</p>` ``. */
export const html = (strings: TemplateStringsArray, ...values: ReadonlyArray<Content>): Html =>
  new Html(strings.map((string, index) => string + write(values[index])).join(""))

/** Markup that is not escaped. Use it only for text that this folder wrote or for a drawing that the caller trusts. */
export const raw = (text: string): Html => new Html(text)

/** JSON for a script element. It contains no `<`, so nothing in it can end the element. */
export const json = (value: unknown): Html => raw(JSON.stringify(value).replaceAll("<", "\\u003c"))
