// Text that is safe inside a page: every value is escaped unless it was made here.
// Refuses to know any element or style.

/** Markup made by `html`, or trusted with `raw`. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a `${}` of `html`; `false` and `undefined` leave nothing. */
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

/** Markup that is not escaped: only for text this room wrote or a drawing the caller vouches for. */
export const raw = (text: string): Html => new Html(text)

/** JSON that can stand inside a script element: no `<` is left, so nothing in it can end the element. */
export const json = (value: unknown): Html => raw(JSON.stringify(value).replaceAll("<", "\\u003c"))
