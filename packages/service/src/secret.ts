import { inspect } from 'node:util'

/**
 * A value that cannot be printed by accident: string conversion, JSON, `util.inspect` and loggers all give `[secret]`.
 * {@link Secret.reveal} is the one way to the value, and easy to search for.
 *
 * @example
 * const password = new Secret('hunter2')
 * `${password}` // '[secret]'
 */
export class Secret<T = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
