/** A CSR that another program made. `what` says with which settings. */
export type MadeCsr = { maker: MakerName; what: string; der: Buffer }

/** The programs that make CSRs; each has a reader of the same name. */
export type MakerName = 'openssl' | 'certtool' | 'keytool' | 'go' | 'python'

/**
 * Makes CSRs with ordinary settings.
 *
 * @param keys a directory with a private key (PKCS#8 PEM) for each of `makerKeys`, named
 * `rsa-2048.pem` and so on; what else a maker writes goes there too
 */
export type Maker = (keys: string) => AsyncIterable<Omit<MadeCsr, 'maker'>>

/** Key algorithms of the ordinary CSRs. */
export const makerKeys = [
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'ed25519',
] as const

/** One of `makerKeys`. */
export type MakerKey = (typeof makerKeys)[number]
