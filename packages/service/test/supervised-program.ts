// A child for tests of its supervisor. It tells its owner its process id.
process.send?.({ pid: process.pid })
const [kind = ''] = process.argv.slice(2)
if (kind === 'ending') process.exit(3)
if (kind === 'hopeless') process.exit(78)
if (kind === 'stubborn') process.on('SIGTERM', () => process.send?.('no'))
process.on('disconnect', () => process.exit())
setInterval(() => {}, 1_000)
