import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sendInline } from '../../src/run/send-inline.ts'
import { started } from '../client.ts'
import { temporaryFolder } from '../temporary-folder.ts'

test('gives the reply of a server that knows the password', async () => {
  const { url } = await started({ dataDir: temporaryFolder() })
  const { port, password } = new URL(url)
  const known = { port: Number(port), password }
  expect(await sendInline(known, 'ECHO hello')).toEqual({ reply: '$5\r\nhello\r\n+OK\r\n' })
  expect(await sendInline({ ...known, password: 'another' }, 'ECHO hello')).toBe('foreign')
})

test('tells another program nothing but the password of a server that is gone', async () => {
  let heard = ''
  const port = await listening((socket) => {
    socket.on('data', (data) => {
      heard += String(data)
      socket.write('-ERR AUTH <password> called without any password configured\r\n')
    })
  })
  expect(await sendInline({ port, password: 'stale' }, 'SHUTDOWN')).toBe('foreign')
  expect(heard).toBe('AUTH stale\r\n')
})

test('tells silence from nobody', async () => {
  const port = await listening(() => undefined)
  expect(await sendInline({ port, password: 'stale' }, 'PING')).toBe('silent')
  expect(await sendInline({ port: 1, password: 'stale' }, 'PING')).toBe('refused')
})

async function listening(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    answer(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}
