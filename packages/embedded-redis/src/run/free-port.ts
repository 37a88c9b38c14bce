import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** Ports of 127.0.0.1 that were free a moment ago; whoever uses one must bear that it is taken. */
export async function freePorts(): Promise<[number, number]> {
  // Both are held until both are known, so that they differ.
  const holders = [createServer(), createServer()] as const
  for (const holder of holders) {
    holder.listen(0, '127.0.0.1')
    await once(holder, 'listening')
  }
  const [first, second] = holders.map((holder) => (holder.address() as AddressInfo).port)
  await Promise.all(holders.map((holder) => once(holder.close(), 'close')))
  return [first as number, second as number]
}
