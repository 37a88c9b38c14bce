import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'

/** The root of the project: apps/demo/src is three folders below it. */
const root = resolve(import.meta.dirname, '../../..')

/**
 * What would lead the demo's service to files that are not the demo's: it must never serve under a certificate that the
 * demo's client cannot know, or write over the public key that a real installation trusts.
 */
const notPassedOn = [
  'ADMIN_PASSWORD_FILE',
  'ADMIN_TOKEN',
  'TLS_CERT_FILE',
  'TLS_KEY_FILE',
  'VAULT_PUBLIC_KEY_FILE',
]

/**
 * The demo's settings. `REDIS_URL`, `WORKER_PROCESSES`, `LOG_LEVEL` and all others go on to the service as they are;
 * the first argument is another fleet file, the second another list of devices.
 */
export function readConfig(
  environment: NodeJS.ProcessEnv = process.env,
  [fleetFile, deviceFile]: readonly string[] = process.argv.slice(2),
) {
  const usesGivenRedis = Boolean(environment.REDIS_URL)
  const administrator = {
    name: environment.ADMIN_USERNAME || 'admin',
    password: passwordFor(usesGivenRedis, environment.ADMIN_PASSWORD),
  }
  return {
    fleetFile: resolve(fleetFile ?? resolve(root, 'examples/fleet.json')),
    // Who brings a fleet of his own wants that one.
    batch:
      fleetFile === undefined || deviceFile !== undefined
        ? {
            file: resolve(deviceFile ?? resolve(root, 'examples/fleet.csv')),
            folder: resolve('out/fleet'),
            csrctl: resolve(root, 'apps/cli/src/csrctl.js'),
            environment,
          }
        : undefined,
    outFolder: resolve('out'),
    administrator,
    usesGivenRedis,
    isDumbTerminal: environment.TERM === 'dumb',
    service: {
      program: resolve(root, 'apps/all-in-one/src/main.ts'),
      environment: {
        ...serviceEnvironment(environment, usesGivenRedis),
        ADMIN_USERNAME: administrator.name,
        ADMIN_PASSWORD: administrator.password,
        // A whole fleet is submitted at once, one call for each device.
        WRITES_PER_MINUTE: '0',
        TENANT_WRITES_PER_MINUTE: '0',
      },
    },
  }
}

export type Config = ReturnType<typeof readConfig>

/** A Redis that was in use before may have its administrator already, whose password then has to be the given one. */
function passwordFor(usesGivenRedis: boolean, given: string | undefined): string {
  return (usesGivenRedis && given) || randomBytes(18).toString('base64url')
}

function serviceEnvironment(environment: NodeJS.ProcessEnv, usesGivenRedis: boolean) {
  // A master key belongs to one Redis: with a Redis of its own, the demo has a key of its own as well.
  const left = usesGivenRedis ? notPassedOn : [...notPassedOn, 'MASTER_KEY_FILE']
  const passedOn = Object.entries(environment).filter(([name]) => !left.includes(name))
  // A service that runs here already has its ports.
  const ports = { HOST: '127.0.0.1', PORT: '0', METRICS_PORT: 'off' }
  return { ...Object.fromEntries(passedOn), ...ports }
}
