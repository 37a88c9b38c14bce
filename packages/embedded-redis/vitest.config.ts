import { defineConfig } from 'vitest/config'

// Where no server is installed, the first start fetches one.
export default defineConfig({ test: { testTimeout: 30_000 } })
