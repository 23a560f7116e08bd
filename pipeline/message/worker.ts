// What a person reads of a body that reached out of its worker. Apart from other sentences, so that a worker has
// little to load.

/** Of a body that reached for what its worker does not allow. */
export const refused = (stage: string, permission: string, resource: string): string => {
  switch (permission) {
    case "FileSystemRead":
      return isCode(resource)
        ? `The stage ${stage} loads ${resource}, which is not code of its own project. Move the file into the project, or make it a package.`
        : `The stage ${stage} read ${resource}, which its key does not see. Declare the file as a source in the spec, and take it as an input.`
    case "FileSystemWrite":
      return `The stage ${stage} wrote ${resource}, which its record does not keep. Give it as an output.`
    case "ChildProcess":
      return `The stage ${stage} started a process, of which its key sees nothing. Compute in the stage itself, or run the program beforehand and declare what it wrote as a source.`
    default:
      return `The stage ${stage} reached out of its worker (${permission}), which its key does not see. Compute from params and inputs only.`
  }
}
const isCode = (file: string): boolean => /\.[cm]?[jt]s$/.test(file)
