// Decides the order in which values are computed, and the branch in which each value is computed. A choice between
// arrays by one condition is an ONNX If; values that only one side needs move into that side. Knows nothing about bytes
// or names.
import type { Value } from "./graph.ts"

/** Values that are computed together, in an order in which each value comes after its inputs. */
export type Block = ReadonlyArray<Value | Choice>

/**
 * Values that are chosen by one condition. The inputs of each member are the condition, the value if it is true, and
 * the value if it is false.
 */
export interface Choice {
  readonly condition: Value
  readonly members: ReadonlyArray<Value>
  readonly yes: Block
  readonly no: Block
}

export const isChoice = (unit: Value | Choice): unit is Choice => "members" in unit

class Place {
  readonly parent: Place | undefined
  readonly depth: number
  readonly values: Array<Value> = []
  readonly forks = new Map<string, Fork>()
  constructor(parent?: Place) {
    this.parent = parent
    this.depth = parent === undefined ? 0 : parent.depth + 1
  }

  /** All values that are read in this place and in the places inside it. */
  reads(): ReadonlyArray<Value> {
    return [
      ...this.values.flatMap((v) => v.inputs),
      ...[...this.forks.values()].flatMap((fork) => [...fork.yes.reads(), ...fork.no.reads()]),
    ]
  }
}

class Fork {
  readonly members: Array<Value> = []
  readonly yes: Place
  readonly no: Place
  constructor(home: Place) {
    this.yes = new Place(home)
    this.no = new Place(home)
  }
}

/** The innermost place that contains both. */
const common = (a: Place, b: Place): Place => {
  while (a !== b) {
    if (a.depth >= b.depth) a = a.parent!
    else b = b.parent!
  }
  return a
}

/** The number of choices in the longest chain up to each value; choices of the same level do not need each other. */
const levelsOf = (values: ReadonlyArray<Value>): ReadonlyMap<Value, number> => {
  const levels = new Map<Value, number>()
  for (const v of values)
    levels.set(v, Math.max(0, ...v.inputs.map((x) => levels.get(x) ?? 0)) + (v.op === "If" ? 1 : 0))
  return levels
}

/**
 * Arranges `values`, each listed after its inputs, so that the reader of the block gets `wanted`. Inputs that are not
 * among `values` already exist.
 */
export const arrange = (values: ReadonlyArray<Value>, wanted: ReadonlyArray<Value>): Block => {
  const levels = levelsOf(values)
  const root = new Place()
  const homes = new Map<Value, Place>(wanted.map((v) => [v, root]))
  const forks = new Map<Value, Fork>()
  const use = (v: Value, place: Place): void => void homes.set(v, homes.has(v) ? common(homes.get(v)!, place) : place)

  // Reversed, so that readers come before the values that they read.
  for (const v of values.toReversed()) {
    const home = homes.get(v)!
    home.values.unshift(v)
    if (v.op !== "If") {
      for (const x of v.inputs) use(x, home)
      continue
    }
    const [condition, yes, no] = v.inputs as readonly [Value, Value, Value]
    const key = `${condition.id} ${levels.get(v)}`
    const fork = home.forks.get(key) ?? new Fork(home)
    home.forks.set(key, fork)
    fork.members.unshift(v)
    forks.set(v, fork)
    use(condition, home)
    use(yes, fork.yes)
    use(no, fork.no)
  }

  const inOrder = (place: Place): Block => {
    const block: Array<Value | Choice> = []
    const seen = new Set<Value | Fork>()
    const visit = (v: Value): void => {
      const fork = forks.get(v)
      if (seen.has(fork ?? v)) return
      seen.add(fork ?? v)
      const reads =
        fork === undefined
          ? v.inputs
          : [...fork.members.flatMap((member) => member.inputs), ...fork.yes.reads(), ...fork.no.reads()]
      for (const x of reads) if (homes.get(x) === place && own.has(x)) visit(x)
      block.push(
        fork === undefined
          ? v
          : { condition: v.inputs[0]!, members: fork.members, yes: inOrder(fork.yes), no: inOrder(fork.no) },
      )
    }
    const own = new Set(place.values)
    for (const v of place.values) visit(v)
    return block
  }
  return inOrder(root)
}
