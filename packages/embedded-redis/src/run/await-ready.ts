import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnedProcess } from './owned-process.ts'
import { type LocalAddress, sendInline } from './send-inline.ts'

const silenceMs = 60_000
const newsMs = 10_000
const longestPauseMs = 100

/**
 * Awaits that a server serves: that its data is loaded, however long that takes, not only that it
 * listens.
 *
 * @returns why it does not: it ended, or was silent for a minute; undefined when it serves
 */
export async function awaitReady(
  address: LocalAddress,
  server: OwnedProcess,
  log: (message: string) => void,
): Promise<string | undefined> {
  const news = setInterval(() => log('Redis is still loading its data'), newsMs)
  try {
    return await pollUntilReady(address, server)
  } finally {
    clearInterval(news)
  }
}

async function pollUntilReady(
  address: LocalAddress,
  server: OwnedProcess,
): Promise<string | undefined> {
  let silentSince = Date.now()
  let pauseMs = 5
  while (!server.hasExited()) {
    const stage = await Promise.race([stageOf(address), server.exited])
    if (stage === 'serves') return undefined
    if (stage === 'loads') silentSince = Date.now()
    if (Date.now() - silentSince > silenceMs) return `did not answer for ${silenceMs / 1000} s`
    await sleep(pauseMs)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
  return 'ended at once'
}

async function stageOf(address: LocalAddress): Promise<'silent' | 'loads' | 'serves'> {
  const answer = await sendInline(address, 'PING')
  if (typeof answer === 'string') return 'silent'
  return answer.reply.startsWith('+PONG') ? 'serves' : 'loads'
}
