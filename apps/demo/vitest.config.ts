import { defineConfig } from 'vitest/config'

// Each test starts the whole service, on a busy machine too.
export default defineConfig({ test: { testTimeout: 60_000 } })
