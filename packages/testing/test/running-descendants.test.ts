import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { runningDescendants } from '../src/index.ts'

test.runIf(process.platform === 'linux')('finds children and grandchildren that run', async () => {
  const child = spawn('sh', ['-c', 'sleep 60 & wait'], { detached: true })
  const commands = () => runningDescendants().map(({ command }) => command)
  await vi.waitFor(() => expect(commands()).toEqual(['sh -c sleep 60 & wait', 'sleep 60']))
  process.kill(-(child.pid as number))
  await once(child, 'exit')
  await vi.waitFor(() => expect(commands()).toEqual([]))
})
