// Turns the params of a net into the net. Knows nothing about any single net.
import type { Architecture } from "./architecture.ts"
import type { Model } from "./model.ts"
import { cnn } from "./models/cnn.ts"
import { fc } from "./models/fc.ts"
import { randomFeatures, tangentFeatures } from "./models/features.ts"
import { mlp } from "./models/mlp.ts"
import { resnet } from "./models/resnet.ts"
import { surveyCnn } from "./models/survey-cnn.ts"
import { twoLayer } from "./models/two-layer.ts"
import { vgg } from "./models/vgg.ts"
import { wideResnet } from "./models/wide-resnet.ts"

export const modelOf = (architecture: Architecture): Model => {
  switch (architecture.kind) {
    case "fc":
      return fc(architecture)
    case "cnn":
      return cnn(architecture)
    case "wide-resnet":
      return wideResnet(architecture)
    case "vgg":
      return vgg(architecture)
    case "resnet":
      return resnet(architecture)
    case "mlp":
      return mlp(architecture)
    case "survey-cnn":
      return surveyCnn(architecture)
    case "two-layer":
      return twoLayer(architecture)
    case "random-features":
      return randomFeatures(architecture)
    case "tangent-features":
      return tangentFeatures(architecture)
  }
}
