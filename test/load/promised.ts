/** What is said while a long proof runs. */
export const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** A line for each promise: what it is about, what was found, what is promised. One that is not kept ends the program with 1. */
export function tellPromise(about: string, found: string, promised: string, isKept: boolean): void {
  say(`${isKept ? 'pass' : 'FAIL'}  ${about}: ${found}   promised ${promised}`)
  if (!isKept) process.exitCode = 1
}
