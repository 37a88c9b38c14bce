import { setTimeout as sleep } from 'node:timers/promises'
import { type LocalAddress, sendInline } from './send-inline.ts'

const patienceMs = 30_000
const pauseMs = 50

/**
 * Makes a server in cluster mode the whole cluster: it gets all slots, unless its nodes.conf gave
 * them back already, and takes commands when this returns. Redis itself stays closed for the first
 * two seconds of a master's life.
 *
 * @returns why it does not serve; undefined when it does
 */
export async function assignSlots(address: LocalAddress): Promise<string | undefined> {
  const deadline = Date.now() + patienceMs
  let reply = ''
  while (Date.now() < deadline) {
    const answer = await sendInline(address, 'CLUSTER INFO')
    reply = typeof answer === 'object' ? answer.reply : answer
    if (/cluster_state:ok/.test(reply)) return undefined
    if (/cluster_slots_assigned:0\r/.test(reply)) {
      await sendInline(address, 'CLUSTER ADDSLOTSRANGE 0 16383')
    }
    await sleep(pauseMs)
  }
  return `did not form a cluster within ${patienceMs / 1000} s (${reply.slice(0, 200).trim()})`
}
