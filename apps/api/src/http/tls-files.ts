/**
 * The certificate and its key, from files that whoever renews them replaces: in place, by a rename, or by another target of
 * a link, as Kubernetes does. So their bytes are compared, every few seconds; no watcher of the system sees all three.
 *
 * A pair that cannot be used changes nothing: what is in use stays in use, and the log says what to do.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type Logger, SetupError } from '@csr-foundry/service'

export type TlsFiles = { readonly certFile: string; readonly keyFile: string }
export type TlsPair = { readonly cert: Buffer; readonly key: Buffer }

/** @throws {SetupError} that says what is wrong with the files */
export function readTlsPair(files: TlsFiles): TlsPair {
  const pair = readFiles(files)
  requireUsable(files, pair)
  return pair
}

/** Calls `use` with each new pair that the files hold; looks `every` milliseconds, and at once on SIGHUP. */
export function watchTlsPair(
  files: TlsFiles,
  current: TlsPair,
  { log, every, use }: { log: Logger; every: number; use: (pair: TlsPair) => void },
): { stop(): void } {
  const watch = new TlsWatch(files, current, log, use)
  const look = () => watch.look()
  const timer = setInterval(look, every).unref()
  process.on('SIGHUP', look)
  return {
    stop: () => {
      clearInterval(timer)
      process.off('SIGHUP', look)
    },
  }
}

class TlsWatch {
  readonly #files: TlsFiles
  readonly #log: Logger
  readonly #use: (pair: TlsPair) => void
  #current: TlsPair
  /** Why the files could not be used when they were last looked at. */
  #fault: string | undefined
  #isTold = false

  constructor(files: TlsFiles, current: TlsPair, log: Logger, use: (pair: TlsPair) => void) {
    this.#files = files
    this.#current = current
    this.#log = log
    this.#use = use
  }

  look(): void {
    try {
      const pair = readFiles(this.#files)
      if (!isSame(pair, this.#current)) {
        requireUsable(this.#files, pair)
        this.#use(pair)
        this.#current = pair
        const { validTo } = new X509Certificate(pair.cert)
        this.#log.info({ validTo }, 'TLS certificate replaced')
      }
      this.#fault = undefined
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error))
    }
  }

  /** Once, and not the first time: whoever replaces two files may be between them. */
  #tell(fault: string): void {
    const isStill = fault === this.#fault
    if (isStill && !this.#isTold) {
      this.#log.warn({ reason: fault }, 'TLS files not usable; the certificate before stays in use')
    }
    this.#isTold = isStill
    this.#fault = fault
  }
}

const isSame = (one: TlsPair, other: TlsPair) =>
  one.cert.equals(other.cert) && one.key.equals(other.key)

const readFiles = ({ certFile, keyFile }: TlsFiles): TlsPair => ({
  cert: readFile('TLS_CERT_FILE', certFile),
  key: readFile('TLS_KEY_FILE', keyFile),
})

function readFile(setting: string, file: string): Buffer {
  return orSay(`${setting}: ${file} cannot be read: check the path and its mode`, () =>
    readFileSync(file),
  )
}

function requireUsable({ certFile, keyFile }: TlsFiles, { cert, key }: TlsPair): void {
  const certificate = orSay(
    `TLS_CERT_FILE: ${certFile} does not begin with a certificate in PEM`,
    () => new X509Certificate(cert),
  )
  const privateKey = orSay(
    `TLS_KEY_FILE: ${keyFile} is not a private key in PEM without a passphrase`,
    () => createPrivateKey(key),
  )
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new SetupError(
      `TLS_CERT_FILE, TLS_KEY_FILE: ${keyFile} is not the key of the first certificate of ${certFile}: put a pair there`,
    )
  }
  orSay(`TLS_CERT_FILE, TLS_KEY_FILE: ${certFile} and ${keyFile} are refused by OpenSSL`, () =>
    createSecureContext({ cert, key }),
  )
}

/** The result, or a {@link SetupError} in these words. */
function orSay<T>(words: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new SetupError(words, { cause })
  }
}
