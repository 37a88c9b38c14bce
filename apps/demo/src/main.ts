/**
 * `npm run demo [-- FLEET_FILE]`: starts the whole service, has it make a fleet's CSRs, one call each and then by the
 * thousand, verifies them, and stops it all.
 *
 * Standard output tells the story; standard error has why it fell short, in one line, and the end of the service's log.
 * Exit codes: 0 all of it went well, 1 something did not, 128 and the signal's number when a signal ended it.
 */
import { constants } from 'node:os'
import { styleText } from 'node:util'
import { readConfig } from './config.ts'
import { Interrupted, reasonOf } from './demo-error.ts'
import { runDemo } from './run-demo.ts'
import { Screen } from './screen.ts'
import { ServiceLog } from './service-log.ts'

const tailLines = 15

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    const reason = `Interrupted (${signal}); everything is stopped.`
    stop.abort(new Interrupted(reason, 128 + constants.signals[signal]))
  })
}
// A reader that left (`npm run demo | head`) must not end this process before it has stopped the service.
process.stdout.on('error', () =>
  stop.abort(new Interrupted('Nobody reads the output; everything is stopped.', 1)),
)

const config = readConfig()
const log = new ServiceLog()
try {
  const stages = config.batch === undefined ? 4 : 6
  await runDemo(config, new Screen(process.stdout, config.isDumbTerminal, stages), log, stop)
} catch (error) {
  process.exitCode = report(stop.signal.aborted ? stop.signal.reason : error)
}

/** Says why the demo ended early; gives its exit code. */
function report(reason: unknown): number {
  if (reason instanceof Interrupted) {
    console.error(`\n${reason.message}`)
    return reason.exitCode
  }
  const cross = styleText('red', '✘', { stream: process.stderr })
  console.error(`\n${cross} ${reasonOf(reason)}`)
  const tail = log.tail(tailLines)
  if (tail.length > 0) {
    console.error(`\nThe end of the service's log:\n${tail.map((line) => `  ${line}`).join('\n')}`)
  }
  return 1
}
