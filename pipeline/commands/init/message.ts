// The sentences of `init`. Functions from data to text. Knows nothing about where the text goes.

export const made = (directory: string): string => {
  const enter = directory === "" ? "" : `cd ${asWord(directory)} && `
  return (
    `A new project, in ${directory === "" ? "this folder" : directory}. Its README.md explains the project. Try:\n\n` +
    `  ${enter}npx pipeline run specs/first.ts\n`
  )
}

/** Quotes a text so that a shell reads it as one word. */
const asWord = (text: string): string =>
  /^[\w./][\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`

export const inTheWay = (paths: ReadonlyArray<string>): string =>
  `Nothing was made, because existing files are not overwritten: ${paths.join(", ")} ` +
  `${paths.length === 1 ? "is" : "are"} there already. Name another directory: pipeline init DIRECTORY`

export const notMade = (directory: string, why: string): string => `No project can be made in ${directory}: ${why}.`
