/** Loaded into a process before its program (`node --import`): tells on standard error which files are loaded. */
import { writeSync } from 'node:fs'
import { registerHooks } from 'node:module'

registerHooks({
  load: (url, context, next) => {
    writeSync(2, `loaded ${url}\n`)
    return next(url, context)
  },
})
