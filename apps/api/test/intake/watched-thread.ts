import { IntakeThread } from '../../src/intake/intake-thread.ts'
import type { Message } from '../../src/intake/thread-messages.ts'

/** One that can be asked how many jobs it has. */
export class WatchedThread extends IntakeThread {
  #shown = Promise.withResolvers<number>()

  async jobs(): Promise<number> {
    this.#shown = Promise.withResolvers()
    this.tell({ does: 'show' })
    return await this.#shown.promise
  }

  protected override take(message: Message): void {
    if (message.says === 'here') this.#shown.resolve(message.jobs)
    super.take(message)
  }
}
