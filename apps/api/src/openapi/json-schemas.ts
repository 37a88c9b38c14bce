/** zod's schemas as JSON Schema (2020-12, which OpenAPI 3.1 speaks), those with an id as components that are named once. */
import { z } from 'zod'

export type JsonSchema = z.core.JSONSchema.BaseSchema

export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {}
  readonly #made = new Map<z.ZodType, JsonSchema>()

  /**
   * What a schema takes. What an answer is has nothing that is taken otherwise than it is given, and may have more than is
   * told of it.
   *
   * @throws {Error} where two schemas have one id
   */
  of(schema: z.ZodType): JsonSchema {
    const known = this.#made.get(schema)
    if (known) return known
    const whole = z.toJSONSchema(schema, { io: 'input', override: simplify })
    const { $schema, $defs = {}, ...own } = withComponentLinks(whole)
    for (const [id, one] of Object.entries($defs as Record<string, JsonSchema>)) this.#add(id, one)
    this.#made.set(schema, own)
    return own
  }

  #add(id: string, schema: JsonSchema): void {
    const known = this.components[id]
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas have the id ${id}.`)
    }
    this.components[id] = schema
  }
}

const withComponentLinks = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'))

function simplify({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  // Only TypeScript reads it.
  delete jsonSchema.readOnly
  // The format says the same in fewer than 300 characters.
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
  const [only, ...more] = jsonSchema.anyOf ?? []
  if (typeof only !== 'object' || more.length > 0 || '$ref' in only) return
  delete jsonSchema.anyOf
  Object.assign(jsonSchema, { ...only, ...jsonSchema })
}
