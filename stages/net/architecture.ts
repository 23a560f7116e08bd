// Which net, as data in the params of a stage. The nets themselves are in models/, since a declaration must not load
// TF.js. The file of each net gives its shapes, scales and source. Knows nothing about how a net is computed.
import { Schema } from "effect"
import { ActivationName } from "./activation-name.ts"
import { Distribution } from "./distribution.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

/** Geiger et al.: `depth` hidden layers, NTK parametrisation, one output. */
const FullyConnected = Schema.Struct({
  kind: Schema.Literal("fc"),
  inputs: Count,
  depth: Count,
  width: Count,
  activation: ActivationName,
})

/**
 * Geiger et al.: four convolutions, NTK parametrisation, one output. In the paper: 1 channel of 28 x 28 pixels, filter
 * 5.
 */
const Convolutional = Schema.Struct({
  kind: Schema.Literal("cnn"),
  channels: Count,
  filter: Count,
  width: Count,
})

/**
 * Geiger et al.: NTK parametrisation, no batch norm. In the paper: 3 channels of 32 x 32 pixels, depth 28, widening 10,
 * 1 output.
 */
const WideResnet = Schema.Struct({
  kind: Schema.Literal("wide-resnet"),
  channels: Count,
  depth: Count.check(
    Schema.makeFilter((depth) => (depth >= 10 && depth % 6 === 4) || "the depth of a wide resnet is 6 k + 4"),
  ),
  widening: Count,
  outputs: Count,
})

/** The first layer has base * widening channels. */
const widened = { channels: Count, base: Count, widening: Count, outputs: Count, gain: Schema.Finite }

/**
 * Chizat et al.: VGG-11 without batch norm. In the paper: 3 channels of 32 x 32 pixels, base 64, widening up to 8, gain
 * 1.
 */
const Vgg = Schema.Struct({ kind: Schema.Literal("vgg"), side: Count, ...widened })

/**
 * Chizat et al.: ResNet-18 without batch norm. In the paper: 3 channels of 32 x 32 pixels, base 64, widening up to 7,
 * gain 1.
 */
const Resnet = Schema.Struct({ kind: Schema.Literal("resnet"), ...widened })

/**
 * Hidden layers of any widths, standard parametrisation. In the survey: 784 inputs, three equal widths, plain-relu,
 * pytorch. With `sharedDraw` all layers take their weights from the same random numbers, each from the first one on, as
 * Keras does if the initialisers of all layers have the same seed.
 */
const Mlp = Schema.Struct({
  kind: Schema.Literal("mlp"),
  inputs: Count,
  hidden: Schema.Array(Count).check(Schema.isMinLength(1)),
  outputs: Count,
  activation: ActivationName,
  weights: Distribution,
  biases: Distribution,
  sharedDraw: Schema.optionalKey(Schema.Literal(true)),
})

/**
 * The survey: three convolutions, two ReLUs. In the survey: 1 channel of 28 x 28 pixels, width 32 to 256, 10 outputs.
 */
const SurveyCnn = Schema.Struct({
  kind: Schema.Literal("survey-cnn"),
  side: Schema.Int.check(Schema.isGreaterThan(6)),
  channels: Count,
  width: Count,
  outputs: Count,
})

/** One hidden layer of `width` units. If doubled, half of the units are copies whose output counts negatively. */
const TwoLayer = Schema.Struct({
  kind: Schema.Literal("two-layer"),
  inputs: Count,
  width: Count,
  outputs: Count,
  activation: ActivationName,
  /** The scale of the last layer: 1, 1 / sqrt(width) or 1 / width. */
  scaling: Schema.Literals(["standard", "ntk", "mean-field"]),
  first: Distribution,
  last: Distribution,
  /** The biases of both layers; null for no biases. */
  biases: Schema.NullOr(Distribution),
  doubled: Schema.Boolean,
}).check(Schema.makeFilter(({ doubled, width }) => !doubled || width % 2 === 0 || "a doubled net has an even width"))

/** Units with frozen weights; their outputs are summed with trained weights. */
const RandomFeatures = Schema.Struct({
  kind: Schema.Literal("random-features"),
  inputs: Count,
  width: Count,
  outputs: Count,
  activation: ActivationName,
})

/** The tangent of such units with respect to their weights: linear in the trained weights, one output. */
const TangentFeatures = Schema.Struct({
  kind: Schema.Literal("tangent-features"),
  inputs: Count,
  width: Count,
  activation: ActivationName,
})

export const Architecture = Schema.Union([
  FullyConnected,
  Convolutional,
  WideResnet,
  Vgg,
  Resnet,
  Mlp,
  SurveyCnn,
  TwoLayer,
  RandomFeatures,
  TangentFeatures,
])
export type Architecture = typeof Architecture.Type

/** The params of the net of one kind. */
export type Net<Kind extends Architecture["kind"]> = Extract<Architecture, { readonly kind: Kind }>
