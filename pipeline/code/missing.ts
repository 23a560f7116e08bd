// Finds the fault if a use of a name leads to something missing: a file that does not exist, an export that a module
// does not have, the body of a stage. Knows nothing about which statements are needed.
import { existsSync, statSync } from "node:fs"
import { basename, dirname, resolve } from "node:path"
import { CodeFault } from "./fault.ts"
import type { Graph } from "./graph.ts"
import { fileOf, isJson, type Module } from "./module.ts"
import type { Use } from "./uses.ts"

/** The fault if a use in a kept statement leads to something that does not exist; undefined if there is no fault. */
export const brokenImportIn = (graph: Graph, module: Module, use: Use, isBody: boolean): CodeFault | undefined => {
  if (use._tag === "Meta") return undefined
  if (use._tag === "Loading") {
    if (!isBody || use.specifier === undefined) return undefined
    const place = graph.place(module, use.specifier, use.by)
    const said =
      place._tag === "Missing"
        ? leadsNowhere(module, use.specifier)
        : place._tag === "Project" && graph.exported(graph.module(place.id), "run") === undefined
          ? `${use.specifier} does not export run, the body of the stage. ${exportsOf(graph, graph.module(place.id))}`
          : undefined
    return said === undefined ? undefined : new CodeFault(module.file, module.text, use.node.start, said)
  }
  const elsewhere = module.imported.get(use.name)
  if (elsewhere === undefined) return undefined
  const place = graph.place(module, elsewhere.specifier)
  const said =
    place._tag === "Missing" && isOwn(elsewhere.specifier)
      ? leadsNowhere(module, elsewhere.specifier)
      : place._tag === "Project"
        ? lacks(graph, graph.module(place.id), elsewhere.specifier, elsewhere.name)
        : undefined
  return said === undefined ? undefined : new CodeFault(module.file, module.text, importOf(module, use.name), said)
}

const isOwn = (specifier: string): boolean => /^[./#]|^file:/.test(specifier)

const lacks = (graph: Graph, target: Module, specifier: string, name: string): string | undefined => {
  if (name === "*" || target.commonjs) return undefined
  if (isJson(target))
    return name === "default" ? undefined : `${specifier} is JSON, which has only a default export, no ${name}.`
  return graph.exported(target, name) === undefined
    ? `${specifier} does not export ${name}. ${exportsOf(graph, target)}`
    : undefined
}

const exportsOf = (graph: Graph, module: Module): string => {
  const names = [...graph.names(module)]
  return names.length === 0 ? "It exports nothing." : `It exports ${names.slice(0, 12).join(", ")}.`
}

const leadsNowhere = (module: Module, specifier: string): string => {
  const path = resolve(dirname(module.file), fileOf(specifier))
  const others = [".ts", ".mts", ".js", ".mjs", "/index.ts", "/index.js"].flatMap((ending) => [
    path + ending,
    path.replace(/\.[cm]?[jt]s$/, "") + ending,
  ])
  const near = others.find((other) => existsSync(other))
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return (
    `${specifier} ${isFolder ? "is a folder" : "leads to no file"}.` +
    (near === undefined ? "" : ` There is ${specifier.slice(0, specifier.lastIndexOf("/") + 1)}${tailOf(near, path)}.`)
  )
}
const tailOf = (near: string, path: string): string =>
  dirname(near) === dirname(path) ? basename(near) : `${basename(dirname(near))}/${basename(near)}`

const importOf = (module: Module, local: string): number =>
  module.body.find(
    (node) => node.type === "ImportDeclaration" && node.specifiers.some((each) => each.local.name === local),
  )?.start ?? 0
