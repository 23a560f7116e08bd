// In what order, and in which branch, is each value computed? A choice between arrays by one condition is an ONNX If,
// and what only one side needs moves into that side. Knows no bytes and no names.
import type { Value } from "./graph.ts"

/** What is computed in one go, in an order in which everything comes after what it needs. */
export type Block = ReadonlyArray<Value | Choice>

/** Values that are one thing or another: each has as inputs a condition, what it is if so, and what it is if not. */
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

  /** Everything that is read in here, further in included. */
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

/** The innermost place that both are in. */
const common = (a: Place, b: Place): Place => {
  while (a !== b) {
    if (a.depth >= b.depth) a = a.parent!
    else b = b.parent!
  }
  return a
}

/** How many choices lie one behind the other up to each value; choices of one level do not need each other. */
const levelsOf = (values: ReadonlyArray<Value>): ReadonlyMap<Value, number> => {
  const levels = new Map<Value, number>()
  for (const v of values)
    levels.set(v, Math.max(0, ...v.inputs.map((x) => levels.get(x) ?? 0)) + (v.op === "If" ? 1 : 0))
  return levels
}

/**
 * Arranges `values`, each given after its inputs, for whoever reads `wanted`; inputs that are not among them are there.
 */
export const arrange = (values: ReadonlyArray<Value>, wanted: ReadonlyArray<Value>): Block => {
  const levels = levelsOf(values)
  const root = new Place()
  const homes = new Map<Value, Place>(wanted.map((v) => [v, root]))
  const forks = new Map<Value, Fork>()
  const use = (v: Value, place: Place): void => void homes.set(v, homes.has(v) ? common(homes.get(v)!, place) : place)

  // Readers come before what they read.
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
