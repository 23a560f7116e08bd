// Adds a seal to a text: a line above it with a digest of the rest. The seal shows whether the text is unchanged. It is
// for files that no digest names. Knows nothing about what the text says.
import { Option } from "effect"
import { digestOf } from "./digest.ts"

// The kind is part of the digest. It changes with the format, so that a text of another version is refused.
const sealOf = (kind: string, body: string): string => digestOf(`${kind}\n${body}`)

/** A text with its seal above. */
export const seal = (kind: string, body: string): string => `${sealOf(kind, body)}\n${body}`

/** The text under a seal; none if any byte has changed. */
export const unseal = (kind: string, text: string): Option.Option<string> => {
  const end = text.indexOf("\n")
  const body = text.slice(end + 1)
  return text.slice(0, end) === sealOf(kind, body) ? Option.some(body) : Option.none()
}
