// Replaces some gradients of TF.js while a function of this project is traced or run. TF.js keeps one table of
// gradients per process. The corrected gradients are in that table only during the call; the old gradients are put back
// afterwards, so no other user of TF.js sees them. Knows nothing about any single gradient.
import * as tf from "@tensorflow/tfjs-core"

const corrected = new Map<string, tf.GradConfig>()

/** Registers a gradient that replaces the one of TF.js. */
export const correct = (config: tf.GradConfig): void => {
  corrected.set(config.kernelName, config)
}

/** The gradient of a kernel: the corrected one if there is one, otherwise that of TF.js. */
export const gradientOf = (kernelName: string): tf.GradConfig => corrected.get(kernelName) ?? tf.getGradient(kernelName)

/** Runs `f` with the corrected gradients; `f` must be synchronous. */
export const withCorrected = <A>(f: () => A): A => {
  const before = [...corrected.keys()].map((name) => [name, tf.getGradient(name) as tf.GradConfig | undefined] as const)
  for (const config of corrected.values()) tf.registerGradient(config)
  try {
    return f()
  } finally {
    for (const [name, config] of before) {
      if (config === undefined) tf.unregisterGradient(name)
      else tf.registerGradient(config)
    }
  }
}
