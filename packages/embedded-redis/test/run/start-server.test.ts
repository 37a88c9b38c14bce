import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePorts } from '../../src/run/free-port.ts'
import { clientOf, started } from '../client.ts'
import { temporaryFolder } from '../temporary-folder.ts'

vi.mock('../../src/run/free-port.ts', { spy: true })

test('takes another port when the first one is gone by then', async () => {
  const faster = createServer().listen(0, '127.0.0.1')
  await once(faster, 'listening')
  onTestFinished(() => {
    faster.close()
  })
  const taken = (faster.address() as AddressInfo).port
  vi.mocked(freePorts).mockResolvedValueOnce([taken, taken])
  const { url } = await started({ dataDir: temporaryFolder() })
  expect(Number(new URL(url).port)).not.toBe(taken)
  expect(await clientOf(url).ping()).toBe('PONG')
})
