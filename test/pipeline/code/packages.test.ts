// From what npm installed to what some code reaches of it.
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { installedFor, packageOf } from "../../../pipeline/code/packages.ts"
import { directoryOf, write } from "../../support/directory.ts"

const installed = (packages: object, own = "{}") =>
  installedFor(directoryOf({ "package.json": own, "node_modules/.package-lock.json": JSON.stringify({ packages }) }))

const listing = (packages: { readonly [name: string]: object }): string =>
  JSON.stringify({ packages: Object.fromEntries(Object.entries(packages).map(([name, entry]) => [`node_modules/${name}`, entry])) })

/** The closure of a package of a workspace with this text, which has a package of its own with that one. */
const linked = (text: string, near = "") => {
  const directory = directoryOf({
    "node_modules/.package-lock.json": JSON.stringify({
      packages: {
        "node_modules/own": { resolved: "packages/own", link: true },
        "packages/own": { version: "1.0.0", dependencies: { near: "*", far: "*" } },
        "packages/own/node_modules/near": { version: "2.0.0" },
        "node_modules/far": { version: "3.0.0" },
      },
    }),
    "packages/own/src/index.ts": text,
    "packages/own/node_modules/near/index.js": near,
  })
  return installedFor(directory).closure(["own"])
}

describe("the closure of packages", () => {
  it("has their dependencies, peers and optional ones, in the order of their names", () => {
    const { closure } = installed({
      "node_modules/z": { version: "1.0.0", integrity: "i", dependencies: { b: "*" }, peerDependencies: { "@s/c": "*" }, optionalDependencies: { a: "*", absent: "*" } },
      "node_modules/a": { version: "2.0.0" },
      "node_modules/b": { version: "3.0.0", dependencies: { z: "*" } },
      "node_modules/@s/c": { version: "4.0.0" },
      "node_modules/unreached": { version: "5.0.0" },
    })
    expect(Object.entries(closure(["z"]))).toEqual([["@s/c", "4.0.0"], ["a", "2.0.0"], ["b", "3.0.0"], ["z", "1.0.0 i"]])
    expect(closure([])).toEqual({})
    expect(closure(["not-installed"])).toEqual({})
  })

  it("takes the version that Node would find, and both where both are reached", () => {
    const { closure } = installed({
      "node_modules/a": { version: "1.0.0", dependencies: { shared: "1" } },
      "node_modules/a/node_modules/shared": { version: "1.5.0", dependencies: { deep: "*" } },
      "node_modules/a/node_modules/deep": { version: "8.0.0" },
      "node_modules/b": { version: "1.0.0", dependencies: { shared: "2" } },
      "node_modules/shared": { version: "2.5.0" },
    })
    expect(closure(["a"])).toEqual({ a: "1.0.0", "a/node_modules/deep": "8.0.0", "a/node_modules/shared": "1.5.0" })
    expect(closure(["a", "b"])).toMatchObject({ "a/node_modules/shared": "1.5.0", shared: "2.5.0" })
  })

  it("has a linked package by the bytes of its files, with what they need", () => {
    expect(linked("1")).toEqual({ far: "3.0.0", own: expect.stringMatching(/^1\.0\.0 [0-9a-f]{64}$/) as string, "packages/own/node_modules/near": "2.0.0" })
    expect(linked("1", "else")).toEqual(linked("1"))
    expect(linked("2")["own"]).not.toBe(linked("1")["own"])
  })

  it("tells a package without integrity by where it was got", () => {
    const { closure } = installed({ "node_modules/a": { version: "1.0.0", resolved: "git+ssh://git@host/a.git#1" } })
    expect(closure(["a"])).toEqual({ a: "1.0.0 git+ssh://git@host/a.git#1" })
  })

  it("looks upwards as Node does, in every node_modules that has the package", () => {
    const directory = directoryOf({
      "node_modules/.package-lock.json": listing({ far: { version: "1.0.0" }, both: { version: "1.0.0" } }),
      "study/node_modules/.package-lock.json": listing({ near: { version: "2.0.0", dependencies: { far: "*" } }, both: { version: "2.0.0" } }),
      "study/stages/node_modules/.vite/cache": "",
    })
    expect(installedFor(join(directory, "study/stages")).closure(["near", "both"])).toEqual({ "../node_modules/far": "1.0.0", both: "2.0.0", near: "2.0.0" })
  })

  it("counts a package of a workspace's member by the list of the workspace", () => {
    const directory = directoryOf({
      "node_modules/.package-lock.json": JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" }, "packages/member/node_modules/a": { version: "2.0.0" } } }),
      "packages/member/node_modules/a/package.json": "{}",
    })
    expect(installedFor(join(directory, "packages/member")).closure(["a"])).toEqual({ "packages/member/node_modules/a": "2.0.0" })
  })

  it("is read anew once npm has installed again", () => {
    const directory = directoryOf({ "node_modules/.package-lock.json": listing({ a: { version: "1.0.0" } }) })
    const before = installedFor(directory)
    expect(before.unchanged()).toBe(true)
    write(directory, { "node_modules/.package-lock.json": listing({ a: { version: "1.0.0-beta" } }) })
    expect(before.unchanged()).toBe(false)
    expect(installedFor(directory).closure(["a"])).toEqual({ a: "1.0.0-beta" })
  })

  it("knows the packages the project can do without", () => {
    expect(installed({}, `{ "optionalDependencies": { "native": "1" } }`).optional).toEqual(new Set(["native"]))
  })

  it("is refused where a package was installed by another than npm, and passes over what is not there", () => {
    const directory = directoryOf({ "node_modules/a/package.json": "{}" })
    expect(() => installedFor(directory).closure(["a"])).toThrow(/The package a is installed in .*npm ci/)
    expect(installedFor(directory).closure(["missing"])).toEqual({})
  })

  it("is refused, too, where the package no list names lies further up or nearer than the list", () => {
    const further = directoryOf({ "node_modules/a/package.json": "{}", "study/node_modules/.package-lock.json": listing({}) })
    expect(() => installedFor(join(further, "study")).closure(["a"])).toThrow(/The package a is installed in/)
    const nearer = directoryOf({ "node_modules/.package-lock.json": listing({ a: { version: "1.0.0" } }), "study/node_modules/a/package.json": "{}" })
    expect(() => installedFor(join(nearer, "study")).closure(["a"])).toThrow(/The package a is installed in .*study/)
  })
})

describe("packageOf", () => {
  it("takes the scope with the name, and no path behind it", () => {
    expect(["a", "a/b", "@a/b", "@a/b/c/d"].map(packageOf)).toEqual(["a", "a", "@a/b", "@a/b"])
  })
})
