import { readBlocks, type TenantPlace } from '@csr-foundry/records'
import type { Redis } from 'ioredis'

const atOnce = 1_000

/** The digests of the blocks of a batch that an earlier call has taken, for who asks for one after the other. */
export class EarlierDigests {
  readonly #redis: Redis
  readonly #place: TenantPlace
  readonly #batch: string
  #from = 0
  #page: readonly string[] = []

  constructor(redis: Redis, place: TenantPlace, batch: string) {
    this.#redis = redis
    this.#place = place
    this.#batch = batch
  }

  async of(block: number): Promise<string | undefined> {
    if (block >= this.#from + this.#page.length) {
      const wanted = { from: block, limit: atOnce }
      const blocks = await readBlocks(this.#redis, this.#place, this.#batch, wanted)
      this.#page = blocks.map(({ digest }) => digest)
      this.#from = block
    }
    return this.#page[block - this.#from]
  }
}
