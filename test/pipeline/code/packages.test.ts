// From what is installed to what some code reaches of it: found as Node finds it, and told by the bytes of its files.
import { cpSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import {
  folderOfFile,
  Installed,
  isPackageFile,
  optionalIn,
  packageOf,
  rootOf,
  type KnownFolder,
} from "../../../pipeline/code/packages.ts"
import { directoryOf, project, write } from "../../support/directory.ts"

type Files = { readonly [path: string]: string }

/** A package in a folder, with what it needs. */
const at = (folder: string, version: string, needs: object = {}, rest: Files = {}): Files => ({
  [`${folder}/package.json`]: JSON.stringify({ version, ...needs }),
  [`${folder}/index.js`]: `exports.version = "${version}"`,
  ...Object.fromEntries(Object.entries(rest).map(([file, text]) => [`${folder}/${file}`, text])),
})

const closure = (directory: string, names: ReadonlyArray<string>, known = new Map<string, KnownFolder>()) =>
  new Installed(directory, known).closure(names.map((specifier) => ({ specifier, from: "" })))

/** Of each package its version. */
const versions = (directory: string, ...names: ReadonlyArray<string>) =>
  Object.fromEntries(
    Object.entries(closure(directory, names).packages).map(([label, text]) => [
      label,
      text.replaceAll(/ [0-9a-f]{64}/g, ""),
    ]),
  )

describe("the closure of packages", () => {
  it("has their dependencies, peers and optional ones, as far as they are there, in the order of their names", () => {
    const directory = directoryOf({
      ...at("node_modules/z", "1.0.0", {
        dependencies: { b: "*" },
        peerDependencies: { "@s/c": "*" },
        optionalDependencies: { a: "*", absent: "*" },
      }),
      ...at("node_modules/a", "2.0.0"),
      ...at("node_modules/b", "3.0.0", { dependencies: { z: "*" } }),
      ...at("node_modules/@s/c", "4.0.0"),
      ...at("node_modules/unreached", "5.0.0"),
    })
    expect(Object.entries(versions(directory, "z"))).toEqual([
      ["@s/c", "4.0.0"],
      ["a", "2.0.0"],
      ["b", "3.0.0"],
      ["z", "1.0.0"],
    ])
    expect(versions(directory)).toEqual({})
    expect(versions(directory, "not-installed")).toEqual({})
  })

  it("has the package that a name of the project's own imports stands for", () => {
    const directory = directoryOf({
      "package.json": JSON.stringify({ type: "module", imports: { "#dep": "mapped", "#none": "not-there" } }),
      ...at("node_modules/mapped", "1.0.0"),
    })
    expect(versions(directory, "#dep", "#none")).toEqual({ mapped: "1.0.0" })
  })

  it("takes the version that Node would find, and both where both are reached", () => {
    const directory = directoryOf({
      ...at("node_modules/a", "1.0.0", { dependencies: { shared: "1" } }),
      ...at("node_modules/a/node_modules/shared", "1.5.0", { dependencies: { deep: "*" } }),
      ...at("node_modules/a/node_modules/deep", "8.0.0"),
      ...at("node_modules/b", "1.0.0", { dependencies: { shared: "2" } }),
      ...at("node_modules/shared", "2.5.0"),
    })
    expect(versions(directory, "a")).toEqual({
      a: "1.0.0",
      "a/node_modules/deep": "8.0.0",
      "a/node_modules/shared": "1.5.0",
    })
    expect(versions(directory, "a", "b")).toMatchObject({ "a/node_modules/shared": "1.5.0", shared: "2.5.0" })
  })

  it("looks upwards as Node does, whoever installed the package, and passes over the cache of a tool", () => {
    const directory = directoryOf({
      ...at("node_modules/far", "1.0.0"),
      ...at("node_modules/both", "1.0.0"),
      ...at("study/node_modules/near", "2.0.0", { dependencies: { far: "*" } }),
      ...at("study/node_modules/both", "2.0.0"),
      "study/stages/node_modules/.vite/cache": "",
    })
    expect(versions(rootOf(join(directory, "study/stages")), "near", "both")).toEqual({
      far: "1.0.0",
      both: "2.0.0",
      near: "2.0.0",
    })
  })

  it("follows links: those of another installer, whose packages lie apart", () => {
    const directory = directoryOf({
      ...at("node_modules/.store/a@1/node_modules/a", "1.0.0", { dependencies: { b: "*" } }),
      ...at("node_modules/.store/b@2/node_modules/b", "2.0.0"),
    })
    symlinkSync(".store/a@1/node_modules/a", join(directory, "node_modules/a"))
    symlinkSync("../../b@2/node_modules/b", join(directory, "node_modules/.store/a@1/node_modules/b"))
    expect(Object.values(versions(directory, "a"))).toEqual(["1.0.0", "2.0.0"])
  })

  const files = {
    ...at(
      "node_modules/a",
      "1.0.0",
      { dependencies: { b: "*" } },
      {
        "lib/deep.mjs": "1",
        "data.json": "{}",
        "README.md": "a",
        "types.d.ts": "x",
        "addon.node": "0",
        "module.wasm": "0",
        ".internal/x.js": "0",
        "bin/start": "0",
        "main.es6": "0",
        "weights.bin": "0",
        LICENSE: "a",
        "index.js.map": "{}",
      },
    ),
    ...at("node_modules/b", "1.0.0"),
  }
  const counting: { readonly [what: string]: (directory: string) => void } = {
    "a file is edited in place": (directory) => write(directory, { "node_modules/a/index.js": "exports.version = 2" }),
    "a file is edited, and its time put back": (directory) => {
      write(directory, { "node_modules/a/index.js": "exports.version = 2" })
      utimesSync(join(directory, "node_modules/a/index.js"), 0, 0)
    },
    "a file deep inside is edited": (directory) => write(directory, { "node_modules/a/lib/deep.mjs": "2" }),
    "data that it may import is edited": (directory) => write(directory, { "node_modules/a/data.json": "[]" }),
    "native code is another": (directory) => write(directory, { "node_modules/a/addon.node": "1" }),
    "a file in a folder with a dot is edited": (directory) =>
      write(directory, { "node_modules/a/.internal/x.js": "1" }),
    "a file without an ending is edited": (directory) => write(directory, { "node_modules/a/bin/start": "1" }),
    "a file of an unusual ending is edited": (directory) => write(directory, { "node_modules/a/main.es6": "1" }),
    "data that it may read is edited": (directory) => write(directory, { "node_modules/a/weights.bin": "1" }),
    "WebAssembly is another": (directory) => write(directory, { "node_modules/a/module.wasm": "1" }),
    "a file comes": (directory) => write(directory, { "node_modules/a/lib/more.js": "1" }),
    "a file goes": (directory) => rmSync(join(directory, "node_modules/a/lib/deep.mjs")),
    "its package.json leads elsewhere": (directory) =>
      write(directory, {
        "node_modules/a/package.json": JSON.stringify({
          version: "1.0.0",
          dependencies: { b: "*" },
          main: "lib/deep.mjs",
        }),
      }),
    "a package that it needs is edited": (directory) =>
      write(directory, { "node_modules/b/index.js": "exports.version = 2" }),
    "a package that it needs comes nearer": (directory) =>
      write(directory, at("node_modules/a/node_modules/b", "1.0.0", {}, { "other.js": "1" })),
  }
  for (const [what, change] of Object.entries(counting)) {
    it(`is another once ${what}, remembered or not`, () => {
      const directory = directoryOf(files)
      const known = new Map<string, KnownFolder>()
      const before = closure(directory, ["a"], known)
      change(directory)
      for (const memo of [known, new Map<string, KnownFolder>()])
        expect(closure(directory, ["a"], memo).packages).not.toEqual(before.packages)
    })
  }

  const free: { readonly [what: string]: (directory: string) => void } = {
    "a file is touched": (directory) => utimesSync(join(directory, "node_modules/a/index.js"), new Date(), new Date()),
    "what people read is edited": (directory) =>
      write(directory, {
        "node_modules/a/README.md": "b",
        "node_modules/a/LICENSE": "b",
        "node_modules/a/index.js.map": "[]",
        "node_modules/a/types.d.ts": "y",
        "node_modules/a/.cache/x.js": "",
      }),
    "a package comes that it does not need": (directory) => write(directory, at("node_modules/c", "1.0.0")),
    "it is installed anew": (directory) => {
      cpSync(join(directory, "node_modules/a"), join(directory, "copy"), { recursive: true })
      rmSync(join(directory, "node_modules/a"), { recursive: true })
      mkdirSync(join(directory, "node_modules/a"))
      cpSync(join(directory, "copy"), join(directory, "node_modules/a"), { recursive: true })
    },
  }
  for (const [what, change] of Object.entries(free)) {
    it(`is the same once ${what}`, () => {
      const directory = directoryOf(files)
      const before = closure(directory, ["a"]).packages
      change(directory)
      expect(closure(directory, ["a"]).packages).toEqual(before)
    })
  }

  it("believes what is remembered of a folder only while all its stamps stand", () => {
    const directory = directoryOf(files)
    const folder = join(directory, "node_modules/a")
    const old = new Date(Date.now() - 10_000)
    for (const file of ["index.js"]) utimesSync(join(folder, file), old, old)
    const known = new Map<string, KnownFolder>()
    closure(directory, ["a"], known)
    // Too young to be remembered: the clock of a file system is coarse.
    expect(known.has(folder)).toBe(false)
  })

  it("lists every file with its digest, for who loads them", () => {
    const directory = directoryOf(files)
    const { manifest } = closure(directory, ["a"])
    expect(Object.keys(manifest[join(directory, "node_modules/a")]!)).toEqual([
      ".internal/x.js",
      "addon.node",
      "bin/start",
      "data.json",
      "index.js",
      "lib/deep.mjs",
      "main.es6",
      "module.wasm",
      "package.json",
      "weights.bin",
    ])
    writeFileSync(join(directory, "node_modules/a/index.js"), "2")
    expect(closure(directory, ["a"]).manifest).not.toEqual(manifest)
  })
})

describe("a package.json that npm would not write", () => {
  for (const text of ['{"version": 2}', '{"version": null}', "null", "[]", '"text"', "{"]) {
    it(`${text} ends nothing: the bytes of the file still count`, () => {
      const directory = directoryOf({ "node_modules/a/package.json": text, "node_modules/a/index.js": "" })
      const folder = join(directory, "node_modules/a")
      const old = new Date(Date.now() - 10_000)
      for (const file of ["package.json", "index.js"]) utimesSync(join(folder, file), old, old)
      expect(Object.keys(closure(directory, ["a"]).packages)).toEqual(["a"])
    })
  }
})

describe("a package", () => {
  it("has a name of one or two parts", () => {
    expect(["a", "a/b", "@a/b", "@a/b/c/d"].map(packageOf)).toEqual(["a", "a", "@a/b", "@a/b"])
  })

  it("has the files below its folder, and the project has those below none", () => {
    expect(
      ["/p/node_modules/a/x/y.js", "/p/node_modules/@s/a/index.js", "/p/node_modules/a/node_modules/b/i.js"].map(
        folderOfFile,
      ),
    ).toEqual(["/p/node_modules/a", "/p/node_modules/@s/a", "/p/node_modules/a/node_modules/b"])
    expect(
      [
        "/p/node_modules/a/x.js",
        "/p/packages/a/x.js",
        `${project}stages/random.ts`,
        `${project}node_modules/effect/x.js`,
      ].map(isPackageFile),
    ).toEqual([true, false, false, true])
  })

  it("is one that the project can do without where its package.json says so", () => {
    expect(optionalIn(directoryOf({ "package.json": `{ "optionalDependencies": { "native": "1" } }` }))).toEqual(
      new Set(["native"]),
    )
    expect(optionalIn(directoryOf({}))).toEqual(new Set())
  })
})
