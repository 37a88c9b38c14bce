import type { Environment } from '../config.ts'
import { runTool } from '../run/run-tool.ts'

interface Product {
  readonly name: 'Redis' | 'Valkey'
  readonly least: readonly [major: number, minor: number]
}

/** The oldest versions whose commands and settings suffice. */
const redis: Product = { name: 'Redis', least: [7, 0] }
const valkey: Product = { name: 'Valkey', least: [7, 2] }

/** The programs sought, the preferred first. Packages of distributions have the same names. */
export const serverNames = ['redis-server', 'valkey-server'] as const

/** What a server says of itself. `fault` is set when it cannot be used, and says why. */
export interface ServerVersion {
  /** For example `Redis 7.0.15`. */
  readonly text: string
  readonly version: string
  readonly fault: string | undefined
}

/** Asks a server program for its version; a program that does not run has a fault, too. */
export async function serverVersion(path: string, env: Environment): Promise<ServerVersion> {
  const { stdout, complaint } = await runTool([path, '--version'], { env, timeoutMs: 5000 })
  const version = /\bv=(\d+\.\d+[\w.-]*)/.exec(stdout)?.[1]
  if (version === undefined) {
    return { text: path, version: '', fault: `does not tell its version (${complaint})` }
  }
  const product = productOf(`${path} ${stdout}`)
  return { text: `${product.name} ${version}`, version, fault: ageFault(product, version) }
}

/** Why a version of a program is too old, if it is; for package versions as well. */
export function nameAndVersionFault(name: string, version: string): string | undefined {
  return ageFault(productOf(name), version)
}

function productOf(text: string): Product {
  // Some distributions install Valkey under Redis' name, too: the output counts as well.
  return /valkey/i.test(text) ? valkey : redis
}

function ageFault({ name, least }: Product, version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  const enough = major > least[0] || (major === least[0] && minor >= least[1])
  return enough ? undefined : `is ${name} ${version}, needed is ${least.join('.')} or later`
}
