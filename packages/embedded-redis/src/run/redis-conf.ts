import type { LocalAddress } from './send-inline.ts'

/** What one run's configuration is made of. */
export interface ServerSettings extends LocalAddress {
  /** Bytes. */
  readonly maxMemory: number
  /** Undefined: no cluster mode. */
  readonly clusterBusPort: number | undefined
  /** The data folder as the server sees it, and the address it listens on: a container's differ. */
  readonly dir: string
  readonly bind: string
}

/** The configuration as Redis reads it. It holds the password: for a file of mode 0600 only. */
export function renderRedisConf(settings: ServerSettings): string {
  return `${[...place(settings), ...durability(settings), ...safety(), ...cluster(settings)].join('\n')}\n`
}

/** Port and password of a configuration rendered here; undefined when they are not in the text. */
export function readRedisConf(text: string): LocalAddress | undefined {
  const port = /^port (\d+)$/m.exec(text)?.[1]
  const password = /^requirepass (\S+)$/m.exec(text)?.[1]
  return port === undefined || password === undefined ? undefined : { port: Number(port), password }
}

function place({ bind, port, password, dir }: ServerSettings): string[] {
  return [
    `bind ${bind}`,
    `port ${port}`,
    `requirepass ${password}`,
    'protected-mode yes',
    `dir ${quoted(dir)}`,
    'logfile redis.log',
    'daemonize no',
  ]
}

function durability({ maxMemory }: ServerSettings): string[] {
  return [
    'appendonly yes',
    'appendfsync everysec',
    // The append-only file is the one truth; a snapshot beside it would cost memory and say the same.
    'save ""',
    `maxmemory ${maxMemory}`,
    'maxmemory-policy noeviction',
    // Records are hashes with a CSR in them: compact up to this size of field.
    'hash-max-listpack-value 2048',
  ]
}

function safety(): string[] {
  return [
    'enable-debug-command no',
    'enable-module-command no',
    'enable-protected-configs no',
    // A crash report holds the arguments of commands: what is secret in them must not be logged.
    'crash-log-enabled no',
  ]
}

function cluster({ clusterBusPort, port }: ServerSettings): string[] {
  if (clusterBusPort === undefined) return []
  return [
    'cluster-enabled yes',
    `cluster-port ${clusterBusPort}`,
    'cluster-config-file nodes.conf',
    'cluster-announce-ip 127.0.0.1',
    `cluster-announce-port ${port}`,
  ]
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
