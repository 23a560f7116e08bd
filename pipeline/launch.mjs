#!/usr/bin/env node
// Starts the command line under a Node that runs TypeScript: this one if it is new enough, else the one
// that `npm ci` installed beside us. `--exec FILE` starts another script the same way (the tests use it).
// Plain JavaScript, since an old Node must be able to read it.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import * as module from "node:module"
import { constants } from "node:os"
import { fileURLToPath, pathToFileURL } from "node:url"

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const [flag, file] = process.argv.slice(2)
const script = flag === "--exec" && file !== undefined ? file : here("./cli.ts")
const args = process.argv.slice(script === file ? 4 : 2)

const [major, minor] = process.versions.node.split(".").map(Number)
const newEnough = major > 22 || (major === 22 && minor >= 19)
const bundled = here(`../node_modules/node-${process.platform}-${process.arch}/bin/node`)

// ONNX Runtime would tell its makers of the machine it runs on, and leave a file behind for each process.
process.env["ORT_DISABLE_TELEMETRY"] ??= "1"

if (newEnough) {
  // What was compiled and stripped of its types once is not again: a third of the start.
  module.enableCompileCache()
  await import("./imports.ts")
  process.argv = [process.argv[0], script, ...args]
  await import(pathToFileURL(script).href)
} else if (existsSync(bundled)) {
  // Through this file again, for what it does for a start.
  const child = spawn(bundled, process.argv.slice(1), { stdio: "inherit" })
  // The terminal signals the child too: we only outlive it, to hand on its exit status.
  process.on("SIGINT", () => {})
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]))
} else {
  console.error(
    `pipeline needs Node 22.19 or newer, and this is ${process.version}. Install a newer Node, or run npm ci ` +
      "without --omit=optional.",
  )
  process.exit(2)
}
