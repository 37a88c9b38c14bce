/** Building an arbitrary costs more than taking a value from it: each is built once. */
export function once<T>(build: () => T): () => T {
  let built: { value: T } | undefined
  return () => {
    built ??= { value: build() }
    return built.value
  }
}

/** The same for each argument. */
export function kept<Argument, T>(build: (argument: Argument) => T): (argument: Argument) => T {
  const all = new Map<Argument, T>()
  return (argument) => {
    const found = all.get(argument) ?? build(argument)
    all.set(argument, found)
    return found
  }
}
