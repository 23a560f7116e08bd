// The first line of a stage's code as it is stored: what the code asks of the world. Written by bundle.ts, read by
// the worker. Refuses to know how either comes about.

/** The first line of a text: what its code asks of the world. */
export interface Header {
  /** Packages and parts of Node that the code begins with: what it takes of each, under which name; `*` is all. */
  readonly imports: ReadonlyArray<{
    readonly specifier: string
    readonly names: ReadonlyArray<readonly [name: string, local: string]>
  }>
  /** Names that no module declares, and whose meaning the world gives. */
  readonly globals: ReadonlyArray<string>
  /** The name of the exported value in the code. */
  readonly value: string
}
