// What does a node mean? Its key is the digest of a plain record; every part says why it is in. Pure.
//
// Left out on purpose: the node's name and labels, its place in the grid, the keys of its producers (their
// output digests stand for them, so that an unchanged result stops the wave), the time, the host, the
// executor, the spec file: none of them can change the bytes.
import { isDeepStrictEqual } from "node:util"
import { canonical, digestOfValue, type Data, type Digest, type Key } from "../../cache/digest.ts"
import type { Code } from "../code/fingerprint.ts"
import { replicaOf, type StageNode } from "../node.ts"

export interface KeyParts {
  /** The meaning of the record itself: raised when a record of the past must not be read any more. */
  readonly format: number
  /** Two stages with the same code are still two things. */
  readonly stage: string
  /** What the stage does: the digest of its bundle, which is what runs. */
  readonly code: string
  /** What it calls outside the project: name to version and the digest of the files that Node could load. */
  readonly packages: { readonly [name: string]: string }
  /** What it was asked; dtype and backend are among them. */
  readonly params: Data
  /** What it was given: digests by input. */
  readonly inputs: { readonly [name: string]: Digest | ReadonlyArray<Digest> }
  /** The input of which the stage takes one item at a time: the whole is another thing than a list taken at once. */
  readonly over?: string
  /** Which draw: null unless the stage is random. */
  readonly seed: number | null
  /** A product split over threads adds up in another order. */
  readonly threads: number
  /** The functions of Math may differ in the last bit between majors. */
  readonly node: string
  /** So may compiled code between systems. */
  readonly platform: string
  /** Conditions that were given to Node (-C), which pick among the files of packages. */
  readonly conditions?: ReadonlyArray<string>
  /** The variables the stage declared; it sees no others. */
  readonly environment: { readonly [name: string]: string | null }
}

/** What keys of this run share. */
export interface Ground {
  /** The spec's seed. */
  readonly seed: number
  readonly node: string
  readonly platform: string
  readonly conditions: ReadonlyArray<string>
  readonly environment: { readonly [name: string]: string | undefined }
}

export type InputDigests = KeyParts["inputs"]

export const keyParts = (node: StageNode, code: Code, inputs: InputDigests, ground: Ground): KeyParts => ({
  format: 2,
  stage: node.stage.name,
  code: code.digest,
  packages: code.packages,
  params: node.params,
  inputs,
  ...(node.over === undefined ? {} : { over: node.over }),
  seed: node.stage.random ? seedOf(node, ground.seed) : null,
  threads: node.stage.resources.threads,
  node: ground.node,
  platform: ground.platform,
  ...(ground.conditions.length === 0 ? {} : { conditions: ground.conditions }),
  environment: Object.fromEntries(node.stage.environment.map((name) => [name, ground.environment[name] ?? null])),
})

export const keyOf = (parts: KeyParts): Key => digestOfValue("key", parts as unknown as Data) as string as Key

/**
 * 48 bits from what the draw is of: stage, params, stated replica, item and the spec's seed; never from place or time.
 */
export const seedOf = (node: StageNode, specSeed: number): number => {
  const digest = digestOfValue("seed", {
    stage: node.stage.name,
    params: node.params,
    replica: replicaOf(node.labels),
    spec: specSeed,
    ...(node.item === undefined ? {} : { item: node.item }),
  })
  return Number.parseInt(digest.slice(0, 12), 16)
}

/** One part that differs; `path` names it as people do (`params.lr`, `package effect`). */
export interface Difference {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Every leaf in which two key parts differ. */
export const difference = (before: KeyParts, after: KeyParts): ReadonlyArray<Difference> => {
  // Most parts are the same in ten thousand nodes, and need no second look.
  const parts = (Object.keys({ ...before, ...after }) as Array<keyof KeyParts>).filter(
    (part) => !isDeepStrictEqual(before[part], after[part]),
  )
  const [old, now] = [leaves(before, parts), leaves(after, parts)]
  const paths = new Set([...old.keys(), ...now.keys()])
  const found = [...paths]
    .filter((path) => old.get(path) !== now.get(path))
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
  return found.length > 0 ? found : wholeParts(before, after)
}

// Values that read alike (1 and "1", nothing and an empty list) still make two keys: then the part is named whole.
const wholeParts = (before: KeyParts, after: KeyParts): ReadonlyArray<Difference> =>
  (Object.keys(after) as Array<keyof KeyParts>)
    .filter((part) => canonical([before[part] ?? null] as Data) !== canonical([after[part] ?? null] as Data))
    .map((part) => ({ path: part, before: JSON.stringify(before[part]), after: JSON.stringify(after[part]) }))

const leaves = (parts: KeyParts, names: ReadonlyArray<keyof KeyParts>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const walk = (value: Data, path: string): void => {
    if (typeof value !== "object" || value === null) found.set(path, String(value))
    // item by item, one insertion would show as a hundred changes
    else if (Array.isArray(value)) found.set(path, JSON.stringify(value))
    else for (const [name, item] of Object.entries(value)) walk(item as Data, `${path}.${name}`)
  }
  for (const name of names) {
    const value = parts[name]
    if (value === undefined) continue
    if (name === "packages")
      for (const [pkg, version] of Object.entries(parts.packages)) found.set(`package ${pkg}`, version)
    else if (name === "environment") {
      for (const [variable, text] of Object.entries(parts.environment))
        if (text !== null) found.set(`variable ${variable}`, text)
    } else walk(value, name)
  }
  return found
}
