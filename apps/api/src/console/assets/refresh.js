/** Pages whose list moves: drawn again by the server every few seconds, while something in it moves and the page is seen. */
import { redraw } from './live.js'

const live = document.getElementById('live')

async function refresh() {
  if (document.hidden || live.querySelector('details[open]')) return
  await redraw(location.href, ['#live'])
}

async function goOn() {
  const seconds = Number(live?.dataset.refresh)
  if (!(seconds > 0)) return
  await new Promise((wake) => setTimeout(wake, seconds * 1_000))
  // The service may be away for a moment: the next time tells.
  await refresh().catch(() => {})
  await goOn()
}

void goOn()
