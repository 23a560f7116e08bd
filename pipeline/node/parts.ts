// The types that make a plan: nodes, their outputs, and their labels. Knows nothing about how these are made.
import type { Schema } from "effect"
import type { Data, Digest } from "../../cache/digest.ts"
import type { Kind, Kinds, Stage, Value } from "../stage.ts"

export type AnyStage = Stage<Schema.Codec<unknown, unknown>, Kinds, Kinds>

/** One named output of a node. Other nodes, checks and the page may use it. */
export interface Output<A = unknown> {
  readonly node: Node
  readonly name: string
  readonly kind: Kind<A, false>
  /** Stands for as many outputs as the node's list has items. */
  readonly each?: true
}

/** A stage with its params and inputs. */
export interface StageNode {
  readonly _tag: "StageNode"
  readonly name: string
  readonly stage: AnyStage
  /** Encoded, with defaults filled in. */
  readonly params: Data
  readonly inputs: { readonly [name: string]: Output | ReadonlyArray<Output> }
  readonly labels: Labels
  /** The input that the stage takes one item at a time. */
  readonly over?: string
  /** The digest of the item, if this is the node of one item. */
  readonly item?: Digest
}

/** The place of bytes from outside. Only the digest of the bytes enters a key. */
export type Place = { readonly package: string; readonly file: string } | { readonly path: string }

/** Bytes from outside, read and digested by the engine. */
export interface SourceNode {
  readonly _tag: "SourceNode"
  readonly name: string
  readonly place: Place
  readonly sha256: string | undefined
  /** The directory where the search for a package begins: that of the spec. The loader of the spec sets it. */
  from?: string
}

export type Node = StageNode | SourceNode

/** The labels of a node of a grid: `{ h: 64, replica: 3 }`. */
export interface Labels {
  readonly [label: string]: string | number
  readonly replica?: number
}

/** The number of the draw of a random stage, from the labels of its node. */
export const replicaOf = ({ replica = 0 }: Labels): number => replica

export type Outputs<O extends Kinds> = { readonly [N in keyof O]: Output<Value<O[N]>> }
