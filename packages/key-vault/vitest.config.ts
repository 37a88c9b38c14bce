import { defineConfig } from 'vitest/config'

// A container's image may have to be pulled, a server to be fetched.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 60_000 } })
