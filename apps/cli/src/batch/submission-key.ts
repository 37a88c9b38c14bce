import { createHash } from 'node:crypto'
import { readSettings } from '../config.ts'

/**
 * The Idempotency-Key of a file: whoever runs the same command again gets on with the batch that there is. Everything that would
 * make another batch of it makes another key; of a token there is nothing in it that leads back to it.
 */
export function submissionKey(url: string | undefined, content: object): string {
  const { url: ownUrl, token, username } = readSettings()
  const parts = [url ?? ownUrl, token, username, content]
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
  return `csrctl-${hash}`
}
