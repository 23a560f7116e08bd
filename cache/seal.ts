// Is this text as it was written? A seal is a line above it with the digest of the rest, for files that nothing else
// names by their bytes. Knows nothing of what the text says.
import { Option } from "effect"
import { digestOf } from "./digest.ts"

// The kind is sealed too: it changes with the format, so that a text of another version does not pass.
const sealOf = (kind: string, body: string): string => digestOf(`${kind}\n${body}`)

/** A text under its seal. */
export const seal = (kind: string, body: string): string => `${sealOf(kind, body)}\n${body}`

/** The text under a seal; none unless every byte of it is as it was written. */
export const unseal = (kind: string, text: string): Option.Option<string> => {
  const end = text.indexOf("\n")
  const body = text.slice(end + 1)
  return text.slice(0, end) === sealOf(kind, body) ? Option.some(body) : Option.none()
}
