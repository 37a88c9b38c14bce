import { defineConfig } from 'vitest/config'

export default defineConfig({
  // The answers to a browser are pages: what watches those of the APIs is not needed.
  test: { setupFiles: [], testTimeout: 120_000, hookTimeout: 60_000, isolate: false },
})
