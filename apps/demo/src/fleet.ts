/**
 * A fleet file: one JSON object whose keys are the names that the CSR files get, and whose values are bodies for LXCA's
 * POST /certificateSigningRequest, sent exactly as they stand. The service judges them; here only what the demo itself
 * reads is parsed.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { DemoError, reasonOf } from './demo-error.ts'

const mostServers = 250

/** It becomes a file name: lower case, since some file systems do not tell the cases apart. */
const serverName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,99}$/,
    'must be 1 to 100 lower-case letters, digits, dots, dashes and underscores',
  )

const csrRequest = z.looseObject({ CommonName: z.string().optional() })

const fleetSchema = z
  .record(serverName, csrRequest)
  .transform((fleet) => Object.entries(fleet).map(([name, request]) => ({ name, request })))
  .refine(({ length }) => length > 0 && length <= mostServers, {
    error: `must have 1 to ${mostServers} servers`,
  })

/** A server that is to have a certificate. */
export type Server = z.output<typeof fleetSchema>[number]

/** The common name that its CSR has to have; LXCA gives this one to a request that names none. */
export const commonNameOf = ({ request }: Server): string => request.CommonName ?? 'LXCA'

/** @throws {DemoError} that names the file, the place and all faults */
export async function readFleet(file: string): Promise<Server[]> {
  const fleet = fleetSchema.safeParse(await readJson(file))
  if (fleet.success) return fleet.data
  const faults = fleet.error.issues.map(faultText)
  throw new DemoError(`The fleet file ${file} is not usable: ${faults.join('; ')}`)
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    const how = cause instanceof SyntaxError ? 'is not well-formed JSON' : 'cannot be read'
    throw new DemoError(`The fleet file ${file} ${how}: ${reasonOf(cause)}`, { cause })
  }
}

function faultText(issue: z.core.$ZodIssue): string {
  const place = issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  const text = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined
  return `${place}${text ?? issue.message}`
}
