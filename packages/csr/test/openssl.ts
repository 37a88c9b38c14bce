import { execFile, execFileSync } from 'node:child_process'

/** Whether there is an `openssl` to ask for a second opinion. */
export const hasOpenssl = isThere()

/** What to say where a test cannot ask it. */
export const noOpenssl = 'no openssl on this machine: its second opinion is left out'

/**
 * OpenSSL's reading of a CSR, its signature verified; rejects if it refuses. Names in RFC 2253
 * form with string types.
 */
export async function opensslText(der: Buffer): Promise<string> {
  const names = 'RFC2253,show_type,utf8,-esc_msb'
  const { stdout, stderr } = await run(
    ['req', '-inform', 'DER', '-verify', '-noout', '-text', '-nameopt', names],
    der,
  )
  // Versions differ in where they say it.
  if (!/verify OK/.test(stdout + stderr)) throw new Error(stderr)
  return stdout
}

/** OpenSSL's DER of a CSR in PEM. */
export async function opensslDer(pem: string): Promise<Buffer> {
  const { stdout } = await run(['req', '-outform', 'DER'], pem, 'latin1')
  return Buffer.from(stdout, 'latin1')
}

function run(
  args: string[],
  input: Buffer | string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile('openssl', args, { encoding }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr })
      else reject(new Error(stderr, { cause: error }))
    })
    child.stdin?.end(input)
  })
}

function isThere(): boolean {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
}
