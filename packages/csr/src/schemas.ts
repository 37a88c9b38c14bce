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
 * words of that one (a union tells those of all). `all` gives those that it can be, for whoever
 * describes the schema.
 */
export function chosen<T>(
  choose: (input: unknown) => z.ZodType<T>,
  all: () => readonly z.ZodType[],
  keywords?: object,
): z.ZodType<T> {
  return anyOf(all, keywords).transform((input, context): T => {
    const result = choose(input).safeParse(input)
    if (result.success) return result.data
    for (const issue of result.error.issues) {
      context.issues.push({ ...issue, input } as Parameters<typeof context.issues.push>[0])
    }
    return z.NEVER
  })
}

/**
 * Takes everything, and is described in JSON Schema as any of these, with these keywords: for what a function reads.
 *
 * @example
 * ```ts
 * anyOf(() => [specSchema]).parse(42) // => 42
 * ```
 */
export function anyOf(all: () => readonly z.ZodType[], keywords: object = {}): z.ZodUnknown {
  const schema = z.unknown()
  schema._zod.processJSONSchema = (context, json, parameters) => {
    z.union(all())._zod.processJSONSchema?.(context, json, parameters)
    Object.assign(json, keywords)
  }
  return schema
}

/**
 * What an object that has other fields, or is none, is told; `instead` names what it can be beside
 * an object.
 */
export function objectOf(fields: readonly string[], instead = '') {
  return {
    error: ({ code }: { code?: string | undefined }) =>
      code === 'unrecognized_keys'
        ? `is not known here; ${fields.join(', ')} are allowed`
        : `must be ${instead}an object with the fields ${fields.join(', ')}`,
  }
}

/** A strict object that names its fields when it gets others. */
export function fieldsOf<Shape extends z.ZodRawShape>(shape: Shape, instead?: string) {
  return z.strictObject(shape, objectOf(Object.keys(shape), instead))
}

/**
 * For a rule across the parts of an object or array: zod would leave it out where any part has a
 * fault, and so tell of the rest only once that one is mended. Such a rule asks `isSound` first.
 */
export const evenIfFaulty = {
  when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null,
}

/** Whether nothing was found wrong at a place so far, nor in it, nor with what it is in. */
export function isSound(
  issues: readonly z.core.$ZodRawIssue[],
  place: readonly PropertyKey[],
): boolean {
  return !issues.some(({ code, path = [] }) => {
    const related = path.slice(0, place.length).every((part, i) => part === place[i])
    // Fields too many beside a place leave what is at the place as it is.
    return related && !(code === 'unrecognized_keys' && path.length < place.length)
  })
}

/**
 * A schema of arrays with at most `most` members. Their number is looked at before they are: a
 * stranger's thousands of wrong ones are one fault.
 */
export function bounded<T>(schema: z.ZodType<T>, most: number, what: string): z.ZodType<T> {
  return chosen<T>(
    (input) => {
      if (!Array.isArray(input) || input.length <= most) return schema
      return z.custom<T>(() => false, `has ${input.length} ${what}; at most ${most} are allowed`)
    },
    () => [schema],
    { maxItems: most },
  )
}
