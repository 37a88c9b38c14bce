import { defineConfig } from 'vitest/config'

// Real processes on few cores.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 60_000 } })
