// What a plan is made of: nodes, their outputs, and what people call them. Knows how none of them is made.
import type { Schema } from "effect"
import type { Data, Digest } from "../../cache/digest.ts"
import type { Kind, Kinds, Stage, Value } from "../stage.ts"

export type AnyStage = Stage<Schema.Codec<unknown, unknown>, Kinds, Kinds>

/** One named output of a node: what another node, a check or the page may ask for. */
export interface Output<A = unknown> {
  readonly node: Node
  readonly name: string
  readonly kind: Kind<A, false>
  /** It is as many outputs as the node's list has items. */
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
  /** The input of which the stage takes one item at a time. */
  readonly over?: string
  /** The digest of the item, where this is the node of one. */
  readonly item?: Digest
}

/** Where bytes from outside come from; only their digest enters a key. */
export type Place = { readonly package: string; readonly file: string } | { readonly path: string }

/** Bytes from outside, read and digested by the engine. */
export interface SourceNode {
  readonly _tag: "SourceNode"
  readonly name: string
  readonly place: Place
  readonly sha256: string | undefined
  /** The directory from which a package is looked for: that of the spec. Whoever loads the spec says it. */
  from?: string
}

export type Node = StageNode | SourceNode

/** What people call a node of a grid: `{ h: 64, replica: 3 }`. */
export interface Labels {
  readonly [label: string]: string | number
  readonly replica?: number
}

/** Which of the independent draws of a random stage a node of these labels is. */
export const replicaOf = ({ replica = 0 }: Labels): number => replica

export type Outputs<O extends Kinds> = { readonly [N in keyof O]: Output<Value<O[N]>> }
