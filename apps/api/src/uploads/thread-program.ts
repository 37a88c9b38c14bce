/**
 * The program of the upload thread: the one place in the API process where a client's private key is opened.
 *
 * Rules: an attacker chooses what is read here, so what it may cost is bounded by `importPrivateKey`. Bytes that hold a key
 * or a password are wiped as soon as they have served. Whatever nobody foresaw ends the thread, and with it the process.
 */
import { parentPort } from 'node:worker_threads'
import { exportPrivateKey, importPrivateKey, PrivateKeyError } from '@csr-foundry/csr/private-keys'
import { sealUpload } from '@csr-foundry/key-vault/seal-upload'
import type { Answered, Checked, CheckOrder, Order, SealOrder } from './thread-messages.ts'

type Kept = { readonly pkcs8: Buffer; readonly spki: Buffer }
const kept = new Map<number, Kept>()
/** Jobs that nobody has told to forget. */
const wanted = new Set<number>()

parentPort?.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    throw error
  })
})
say('ready')

async function obey(order: Order): Promise<void> {
  const { job } = order
  if (order.does === 'check') say({ job, answer: await check(order) })
  else if (order.does === 'seal') say({ job, answer: await seal(order) })
  else forget(job)
}

function say(message: 'ready' | Answered): void {
  parentPort?.postMessage(message)
}

async function check({ job, pem, password }: CheckOrder): Promise<Checked> {
  wanted.add(job)
  try {
    const key = await importPrivateKey(Buffer.from(pem.buffer), {
      password: password && Buffer.from(password.buffer),
    })
    // Who no longer waits has said so in the meantime: nobody would ever say it again.
    if (wanted.has(job)) kept.set(job, { pkcs8: exportPrivateKey(key), spki: key.spki })
    return { algorithm: key.algorithm, spki: key.spki }
  } catch (error) {
    if (error instanceof PrivateKeyError) return { faults: error.faults }
    throw error
  } finally {
    pem.fill(0)
    password?.fill(0)
    forgetLastMatch()
  }
}

async function seal({ job, publicKey, place, keyId, custody }: SealOrder): Promise<string> {
  const key = kept.get(job)
  if (!key) throw new Error('There is no key of this job.')
  return await sealUpload(publicKey, key.pkcs8, { place, keyId, custody, spki: key.spki })
}

function forget(job: number): void {
  wanted.delete(job)
  kept.get(job)?.pkcs8.fill(0)
  kept.delete(job)
}

/** `RegExp.input` and its like keep the text of the last match, which was the key's, until there is another match. */
function forgetLastMatch(): void {
  ;/^/.exec('')
}
