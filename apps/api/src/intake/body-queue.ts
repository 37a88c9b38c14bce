/** Why nothing more of a body comes, where it did not end. */
export class BodyCut extends Error {
  override readonly name = 'BodyCut'
}

/** What a chunk counts for while it waits: a message of a few bytes takes memory of its own. */
const least = 1_024
export const weightOf = ({ length }: Uint8Array): number => Math.max(length, least)

/** The chunks of a body that have come and wait to be read, in their order. */
export class BodyQueue implements AsyncIterable<Uint8Array> {
  readonly #onTaken: (bytes: number) => void
  readonly #chunks: Uint8Array[] = []
  #state: 'comes' | 'whole' | 'broken' = 'comes'
  #news = Promise.withResolvers<void>()

  /** @param onTaken hears of each chunk that no longer waits, by {@link weightOf} */
  constructor(onTaken: (bytes: number) => void) {
    this.#onTaken = onTaken
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#news.resolve()
  }

  /** What has come is read, then it ends; with an error where it is `broken`. */
  end(broken: boolean): void {
    // One that was dropped does not become whole by an end that was on its way.
    if (this.#state === 'comes') this.#state = broken ? 'broken' : 'whole'
    this.#news.resolve()
  }

  /** Nothing more is read. */
  drop(): void {
    this.#chunks.length = 0
    this.#state = 'broken'
    this.#news.resolve()
  }

  /** @throws {BodyCut} */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const chunk = this.#chunks.shift()
      if (chunk) {
        this.#onTaken(weightOf(chunk))
        yield chunk
      } else if (this.#state === 'comes') {
        this.#news = Promise.withResolvers()
        await this.#news.promise
      } else if (this.#state === 'whole') return
      else throw new BodyCut()
    }
  }
}
