import { join } from 'node:path'
import { type Logger, SupervisedProcess } from '@csr-foundry/service'
import type { Config } from './config.ts'

/**
 * What the API process may read: its program, the vault's public key and the TLS files. Nothing else, so that neither a bug
 * nor an intruder in the process that strangers talk to can read the master key.
 */
function apiPermissions(config: Config, compileCache: string | undefined): string[] {
  const { root, vaultPublicKeyFile, tlsFiles, environment } = config
  const secretFiles = [environment.METRICS_TOKEN_FILE, environment.OTEL_EXPORTER_OTLP_HEADERS_FILE]
  const given = [vaultPublicKeyFile, ...tlsFiles, ...secretFiles, compileCache]
  const program = ['apps/api', 'packages', 'node_modules', 'package.json'].map((part) =>
    join(root, part),
  )
  // SQLite opens files without asking the permission model.
  return [
    '--no-experimental-sqlite',
    '--permission',
    // For its two threads. The process gives it away as soon as they are started, and need not be warned of it.
    '--allow-worker',
    '--disable-warning=PERM0006',
    ...[...program, ...given.filter(Boolean)].map((path) => `--allow-fs-read=${path}`),
    ...(compileCache ? [`--allow-fs-write=${compileCache}`] : []),
  ]
}

/**
 * Where Node's compile cache is asked for, the API has a folder of its own in it: what it can write, no process that can open
 * a key ever runs.
 */
const compileCacheOfApi = ({ environment }: Config): string | undefined =>
  environment.NODE_COMPILE_CACHE && join(environment.NODE_COMPILE_CACHE, 'api')

/** What the owner hears of a child; see {@link SupervisedProcess}. */
export type PartNews<Ready> = {
  readonly onReady: (ready: Ready) => void
  readonly onHopeless: () => void
}

/** Starts the API; `onReady` is given its URL each time it serves. */
export function startApi(
  config: Config,
  redisUrl: string,
  log: Logger,
  { onReady, onHopeless }: PartNews<string>,
): SupervisedProcess {
  const program = join(config.root, 'apps/api/src/main.ts')
  const compileCache = compileCacheOfApi(config)
  const environment: NodeJS.ProcessEnv = {
    ...withoutSecrets(config),
    REDIS_URL: redisUrl,
    VAULT_PUBLIC_KEY_FILE: config.vaultPublicKeyFile,
    NODE_COMPILE_CACHE: compileCache,
  }
  return new SupervisedProcess(
    { name: 'api', arguments: [...apiPermissions(config, compileCache), program], environment },
    log,
    {
      onMessage: (message) => {
        if (!isReadyMessage(message)) return
        // Should it have to be started again, its clients find it where it was, also when the port was left to the system.
        environment.PORT = new URL(message.ready).port
        onReady(message.ready)
      },
      onHopeless,
    },
  )
}

/** Starts the worker supervisor; `onReady` is called when all its processes take lots. */
export function startWorkers(
  config: Config,
  redisUrl: string,
  log: Logger,
  { onReady, onHopeless }: PartNews<void>,
): SupervisedProcess {
  const program = join(config.root, 'apps/worker/src/main.ts')
  return new SupervisedProcess(
    {
      name: 'worker-supervisor',
      arguments: [program],
      environment: {
        ...withoutSecrets(config),
        REDIS_URL: redisUrl,
        DATA_DIR: config.dataDir,
        VAULT_PUBLIC_KEY_FILE: config.vaultPublicKeyFile,
        METRICS_PORT: portAfter(config.environment.METRICS_PORT),
      },
    },
    log,
    {
      onMessage: (message) => {
        if (message === 'ready') onReady()
      },
      onHopeless,
    },
  )
}

/** Both children serve metrics, and have one environment: the workers take the port after the API's. */
const portAfter = (port: string | undefined) =>
  port !== undefined && /^[1-9]\d*$/.test(port) ? String(Number(port) + 1) : port

/** What the administrator logs in with is recorded before the children start, and is nothing to them. */
function withoutSecrets({ environment }: Config): NodeJS.ProcessEnv {
  const secrets = ['ADMIN_PASSWORD', 'ADMIN_PASSWORD_FILE', 'ADMIN_TOKEN', 'ADMIN_TOKEN_FILE']
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !secrets.includes(name)))
}

const isReadyMessage = (message: unknown): message is { ready: string } =>
  typeof message === 'object' &&
  message !== null &&
  'ready' in message &&
  typeof message.ready === 'string' &&
  URL.canParse(message.ready)
