import { readFileSync } from 'node:fs'
import { type Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { authorization } from './start-service.ts'

/** A GET over a connection of its own. */
export function get(
  url: string,
  agent: Agent,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, headers: { authorization } }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject)
    })
    call.on('error', reject).end()
  })
}

/** Established connections to the port of a URL, as the kernel sees them. */
export function countConnections(url: string): number {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0')
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  return lines.filter((line) => line.includes(`:${port} `) && / 01 /.test(line)).length / 2
}
