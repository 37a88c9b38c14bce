import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The Redis that `npm start` runs on this folder, from the file that it wrote for it; undefined where there is none. */
export function embeddedRedisUrl(dataDir: string): string | undefined {
  try {
    const text = readFileSync(join(dataDir, 'redis', 'redis.conf'), 'utf8')
    const value = (name: string) => new RegExp(`^${name} "?([^"\\n]+)"?$`, 'm').exec(text)?.[1]
    const [port, password] = [value('port'), value('requirepass')]
    return port && password && `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`
  } catch {
    return undefined
  }
}
