import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { runningDescendants } from '../src/index.ts'

test.runIf(process.platform === 'linux')('finds children and grandchildren that run', async () => {
  const child = spawn('sh', ['-c', 'sleep 60 & wait'], { detached: true })
  const commands = () => runningDescendants().map(({ command }) => command)
  await expect.poll(() => commands()).toEqual(['sh -c sleep 60 & wait', 'sleep 60'])
  process.kill(-(child.pid as number))
  await once(child, 'exit')
  await expect.poll(() => commands()).toEqual([])
})
