import { z } from 'zod'

/** A string that a `check…` rule of this package accepts. */
export function checked(check: (value: string) => string | undefined) {
  return z.string('must be a string').superRefine((value, context) => {
    const message = check(value)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

/**
 * One of several schemas, chosen by what the input looks like, so that its faults are told in the
 * words of that one (a union tells those of all).
 */
export function chosen<T>(choose: (input: unknown) => z.ZodType<T>): z.ZodType<T> {
  return z.unknown().transform((input, context): T => {
    const result = choose(input).safeParse(input)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      context.issues.push({ ...issue, input } as Parameters<typeof context.issues.push>[0])
    }
    return z.NEVER
  })
}

/** What an object that has other fields, or is none, is told. */
export function objectOf(fields: readonly string[]) {
  return {
    error: ({ code }: { code?: string | undefined }) =>
      code === 'unrecognized_keys'
        ? `is not known here; ${fields.join(', ')} are allowed`
        : `must be an object with the fields ${fields.join(', ')}`,
  }
}

/** A strict object that names its fields when it gets others. */
export function fieldsOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, objectOf(Object.keys(shape)))
}
