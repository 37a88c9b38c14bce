const keptCharacters = 64 * 1024

/** What the service logs, kept in memory: nobody needs it unless something goes wrong, and then its end tells what. */
export class ServiceLog {
  #text = ''

  add(text: string): void {
    this.#text = (this.#text + text).slice(-keptCharacters)
  }

  /** The last lines, oldest first. */
  tail(lines: number): string[] {
    return this.#text.split('\n').filter(Boolean).slice(-lines)
  }
}
