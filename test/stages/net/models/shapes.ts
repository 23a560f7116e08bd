// A net read for the shapes its layers give, of one point: no numbers, so that nets of any size can be looked at.
import type { Geometry, Layers } from "../../../../stages/net/layers.ts"
import type { Model } from "../../../../stages/net/model.ts"

type Shape = ReadonlyArray<number>

const expectEqual = (what: string, a: unknown, b: unknown): void => {
  if (String(a) !== String(b)) throw new Error(`${what}: ${String(a)} meets ${String(b)}`)
}

const alike = (a: Shape, b: Shape): Shape => {
  expectEqual("shapes", a, b)
  return a
}

const pixels = (n: number, side: number, { stride, pad }: Geometry): number =>
  Math.floor((n + 2 * pad - side) / stride) + 1

/** What each layer with weights gives, by its name. Fails where channels or shapes do not fit. */
export const shapesOf = ({ weights, apply }: Model, point: Shape): Readonly<Record<string, Shape>> => {
  const made: Record<string, Shape> = {}
  const layers: Layers<Shape> = {
    dense: ({ name }, z) => {
      const [fanIn, fanOut] = weights[`W${name}`]!.shape as [number, number]
      expectEqual(name, z, fanIn)
      return (made[name] = [fanOut])
    },
    conv: ({ name }, [height, width, channels], geometry) => {
      const [side, , from, to] = weights[`W${name}`]!.shape as [number, number, number, number]
      expectEqual(name, channels, from)
      return (made[name] = [pixels(height!, side, geometry), pixels(width!, side, geometry), to])
    },
    activate: (_, u) => u,
    slope: (_, u) => u,
    add: alike,
    times: alike,
    scale: (_, z) => z,
    sum: (z) => [...z.slice(0, -1), 1],
    average: (z) => z.slice(-1),
    maxPool: ([height, width, channels], side) => [Math.floor(height! / side), Math.floor(width! / side), channels!],
    flatten: (z) => [z.reduce((a, b) => a * b, 1)],
  }
  made["f"] = apply(layers, point)
  return made
}
