// Describes the first line of a stage's stored bundle: the packages and global names that the code takes from outside.
// `bundle.ts` writes the line, and the worker reads it. Knows nothing about how the code is bundled or run.

/** The header, which is the first line of a bundle: the packages and global names that the code needs. */
export interface Header {
  /**
   * The packages and Node modules that the code imports at the start. `names` pairs each exported name that the code
   * takes with its local name; `*` is the whole module.
   */
  readonly imports: ReadonlyArray<{
    readonly specifier: string
    readonly names: ReadonlyArray<readonly [name: string, local: string]>
  }>
  /** Global names that no module declares. The world gives each name its value. */
  readonly globals: ReadonlyArray<string>
  /** The local name of the exported value in the code. */
  readonly value: string
}
