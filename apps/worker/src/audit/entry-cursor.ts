import { type ChainedEntry, idOctets, recordOf, recordOrder } from '@csr-foundry/records'

const pageSize = 1_000

/** Goes through the entries of an audit once, oldest first, a page in memory. */
export class EntryCursor {
  readonly #read: (page: { after: string; limit: number }) => Promise<ChainedEntry[]>
  #page: readonly Buffer[] = []
  #at = 0
  #after = '0-0'
  #ended = false
  /** How many entries it has given. */
  given = 0

  constructor(read: (page: { after: string; limit: number }) => Promise<ChainedEntry[]>) {
    this.#read = read
  }

  /** The entry that comes next, which it stays. */
  async peek(): Promise<Buffer | undefined> {
    return (await this.#fill()) ? this.#page[this.#at] : undefined
  }

  /** The records of all further entries up to `last`, that one included; without `last` of all. */
  async *upTo(last?: string): AsyncGenerator<readonly Buffer[], void> {
    const end = last === undefined ? undefined : idOctets(last)
    while (await this.#fill()) {
      const rest = this.#page.slice(this.#at)
      const beyond = end ? rest.findIndex((record) => recordOrder(record, end) > 0) : -1
      const records = beyond < 0 ? rest : rest.slice(0, beyond)
      this.#at += records.length
      this.given += records.length
      if (records.length > 0) yield records
      if (beyond >= 0) return
    }
  }

  /** Whether there is another entry, read where it has to be. */
  async #fill(): Promise<boolean> {
    if (this.#at < this.#page.length) return true
    if (this.#ended) return false
    const entries = await this.#read({ after: this.#after, limit: pageSize })
    this.#page = entries.map(recordOf)
    this.#at = 0
    this.#after = entries.at(-1)?.id ?? this.#after
    this.#ended = entries.length < pageSize
    return entries.length > 0
  }
}
