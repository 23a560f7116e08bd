// Gradients that stand in for TF.js' own while a function of ours is traced or run. TF.js keeps one table for all of a
// process: it gets ours for that while, and has its own back afterwards, so that nobody meets what another one left.
import * as tf from "@tensorflow/tfjs-core"

const corrected = new Map<string, tf.GradConfig>()

/** Takes a gradient in place of TF.js'. */
export const correct = (config: tf.GradConfig): void => {
  corrected.set(config.kernelName, config)
}

/** The gradient of a kernel: a corrected one, else TF.js'. */
export const gradientOf = (kernelName: string): tf.GradConfig => corrected.get(kernelName) ?? tf.getGradient(kernelName)

/** Runs `f`, which is synchronous, with the corrected gradients. */
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
