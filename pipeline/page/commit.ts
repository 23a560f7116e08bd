// The commit of the project, as git knows it. Knows nothing about what is shown of it.
import { execFileSync } from "node:child_process"
import { dirname } from "node:path"

export interface Commit {
  readonly hash: string
  /** Whether tracked files differ from the commit. */
  readonly dirty: boolean
}

/** The commit of the project that a file is in; undefined if there is no git or no commit. */
export const commitOf = (file: string): Commit | undefined => {
  const git = (...words: ReadonlyArray<string>): string =>
    execFileSync("git", ["-C", dirname(file), ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
  try {
    const hash = git("rev-parse", "HEAD").trim()
    return { hash, dirty: git("status", "--porcelain", "--untracked-files=no").trim() !== "" }
  } catch {
    return undefined // no git, or no repository: the page does without
  }
}
