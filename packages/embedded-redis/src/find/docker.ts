import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import type { Environment } from '../config.ts'
import { runTool } from '../run/run-tool.ts'
import type { RedisProgram, RedisRun, Search } from './redis-program.ts'

const image = 'redis:8-alpine'
const answerMs = 3000
const pullMs = 180_000
const dataFolder = '/data'

/** Redis in a container, where a Docker engine answers. */
export async function dockerContainer(search: Search): Promise<RedisProgram | undefined> {
  const { env } = search
  const engine = await dockerEngineVersion(env, answerMs)
  if (engine === undefined) {
    search.passOver('no Docker engine answers')
    return undefined
  }
  const missing = await ensureImage(search)
  if (missing !== undefined) {
    search.passOver(`Docker has no image ${image} and cannot pull it (${missing})`)
    return undefined
  }
  return {
    source: { way: 'docker', version: undefined, text: `${image} in Docker ${engine}` },
    command: runCommand,
    env,
    // Its port is published on this machine's loopback alone, and the server asks for the password.
    bind: '0.0.0.0',
    seenFolder: () => dataFolder,
  }
}

/** The version of the Docker engine that answers within `timeoutMs`, if one does. */
export async function dockerEngineVersion(
  env: Environment,
  timeoutMs: number,
): Promise<string | undefined> {
  const asked = ['docker', 'version', '--format', '{{.Server.Version}}'] as const
  const { ok, stdout } = await runTool(asked, { env, timeoutMs })
  return ok ? stdout.trim() : undefined
}

async function ensureImage({ env, log }: Search): Promise<string | undefined> {
  const there = await runTool(['docker', 'image', 'inspect', image], { env, timeoutMs: 10_000 })
  if (there.ok) return undefined
  log(`pulling the Docker image ${image}`)
  const pull = await runTool(['docker', 'pull', '--quiet', image], { env, timeoutMs: pullMs })
  return pull.ok ? undefined : pull.complaint
}

function runCommand({ folder, port }: RedisRun): [string, ...string[]] {
  const { uid, gid } = userInfo()
  return [
    'docker',
    'run',
    '--rm',
    '--pull=never',
    `--name=csr-foundry-redis-${process.pid}-${randomBytes(4).toString('hex')}`,
    `--publish=127.0.0.1:${port}:${port}`,
    `--mount=type=bind,source=${folder},target=${dataFolder}`,
    `--user=${uid}:${gid}`,
    '--read-only',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--ulimit=core=0',
    // Past the image's own start script, which would give the folder to another user.
    '--entrypoint=redis-server',
    image,
    `${dataFolder}/redis.conf`,
  ]
}
