// Makes the key of a node: the digest of a plain record with all that the node means. Every part of the record says why
// it is in. Pure. Knows nothing about the store.
//
// Left out on purpose, because they cannot change the bytes: the node's name and labels, its place in the grid, the
// time, the host, the executor, the spec file. The keys of its producers are left out too: their output digests stand
// for them, so that nodes behind an unchanged result do not run again.
import { isDeepStrictEqual } from "node:util"
import { canonical, digestOfValue, type Data, type Digest, type Key } from "../../cache/digest.ts"
import type { Code } from "../code/fingerprint.ts"
import { replicaOf, type StageNode } from "../node.ts"

export interface KeyParts {
  /** The version of this record. It is raised when older records must no longer be used. */
  readonly format: number
  /** Two stages with the same code are still different. */
  readonly stage: string
  /** The digest of the stage's bundle. The bundle is the code that runs. */
  readonly code: string
  /** The packages that the stage calls: name to version and digest of the files that Node could load. */
  readonly packages: { readonly [name: string]: string }
  /** The params of the node. They include dtype and backend. */
  readonly params: Data
  /** The digests of the inputs, by name. */
  readonly inputs: { readonly [name: string]: Digest | ReadonlyArray<Digest> }
  /**
   * The input that the stage takes one item at a time. The result differs from one stage taking the whole list at once.
   */
  readonly over?: string
  /** The seed of the draw; null unless the stage is random. */
  readonly seed: number | null
  /** The number of threads: a product split over threads adds up in another order. */
  readonly threads: number
  /** The major version of Node: functions of Math may differ in the last bit between majors. */
  readonly node: string
  /** The platform: compiled code may also differ in the last bit between systems. */
  readonly platform: string
  /** Conditions given to Node (-C). They choose among the files of packages. */
  readonly conditions?: ReadonlyArray<string>
  /** The environment variables that the stage declared. It sees no others. */
  readonly environment: { readonly [name: string]: string | null }
}

/** The key parts that all nodes of this run share. */
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
 * A seed of 48 bits, from what identifies the draw: stage, params, replica, item and the spec's seed. Never from the
 * node's place in the grid, or the time.
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

/** One part that differs. `path` names it for people (`params.lr`, `package effect`). */
export interface Difference {
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Every leaf that differs between two key parts. */
export const difference = (before: KeyParts, after: KeyParts): ReadonlyArray<Difference> => {
  // Most parts are equal in ten thousand nodes. Equal parts are skipped.
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

// Two values may have the same text (1 and "1", nothing and an empty list) and still make different keys. Then the
// whole part is named.
const wholeParts = (before: KeyParts, after: KeyParts): ReadonlyArray<Difference> =>
  (Object.keys(after) as Array<keyof KeyParts>)
    .filter((part) => canonical([before[part] ?? null] as Data) !== canonical([after[part] ?? null] as Data))
    .map((part) => ({ path: part, before: JSON.stringify(before[part]), after: JSON.stringify(after[part]) }))

const leaves = (parts: KeyParts, names: ReadonlyArray<keyof KeyParts>): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const walk = (value: Data, path: string): void => {
    if (typeof value !== "object" || value === null) found.set(path, String(value))
    // compared item by item, one insertion would show as a hundred changes
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
