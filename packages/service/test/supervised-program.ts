// A child for tests of its supervisor. It tells its owner its process id, and ends, if at all, once that is told.
const [kind = ''] = process.argv.slice(2)
const exitCode = new Map([
  ['ending', 3],
  ['hopeless', 78],
]).get(kind)
// Before it tells that it is there: from then on it may be asked to end.
if (kind === 'stubborn') process.on('SIGTERM', () => process.send?.('no'))
process.send?.({ pid: process.pid }, () => {
  if (exitCode !== undefined) process.exit(exitCode)
})
process.on('disconnect', () => process.exit())
setInterval(() => {}, 1_000)
