import { DemoError, reasonOf } from '../demo-error.ts'
import type { Server } from '../fleet.ts'
import { stopwatch } from '../format-duration.ts'
import type { LxcaClient } from '../lxca-client.ts'
import type { Screen } from '../screen.ts'

/** A server whose request is recorded by the service, under a path. */
export type Submitted = Server & { readonly path: string }

/** Hands in all requests, one after the other so that the paths are in the order of the fleet file. */
export async function submitFleet(
  screen: Screen,
  client: LxcaClient,
  fleet: readonly Server[],
): Promise<Submitted[]> {
  screen.stage(
    'Submitting the requests',
    'POST /certificateSigningRequest for each server; the answer is a path, and comes at once',
  )
  const elapsed = stopwatch()
  const submitted: Submitted[] = []
  for (const server of fleet) submitted.push({ ...server, path: await submit(client, server) })
  const paths = [submitted.at(0), submitted.at(-1)].map((one) => one?.path)
  screen.done(`${submitted.length} requests recorded, paths ${paths.join(' to ')}, in ${elapsed()}`)
  return submitted
}

async function submit(client: LxcaClient, { name, request }: Server): Promise<string> {
  try {
    return await client.submit(request)
  } catch (cause) {
    throw new DemoError(`The request of ${name} was not accepted: ${reasonOf(cause)}`, { cause })
  }
}
