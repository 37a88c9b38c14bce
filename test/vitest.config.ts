import { defineConfig } from 'vitest/config'

// Real processes on few cores: one file at a time, and time for what is killed to come back.
export default defineConfig({
  test: { testTimeout: 90_000, hookTimeout: 60_000, fileParallelism: false },
})
