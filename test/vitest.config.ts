import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { setupFiles: ['openapi/watch-answers.ts'] } })
