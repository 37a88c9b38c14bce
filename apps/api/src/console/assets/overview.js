/** The overview: figures every two seconds, charts every few. */
import { chartsIn } from './charts.js'
import { follow, show } from './live.js'

const figuresEvery = 4_000

const state = document.getElementById('live-state')
const place = document.querySelector('.charts')
const charts = chartsIn(place)
let drawn = 0

const rangeOf = () => document.querySelector('[name=range]:checked').value

async function draw() {
  drawn = Date.now()
  const range = rangeOf()
  const answer = await fetch(`${place.dataset.figures}?range=${range}`)
  if (!answer.ok) return
  const figures = await answer.json()
  if (range === rangeOf()) for (const chart of charts) chart.show(figures)
}

// What could not be fetched is fetched by the next event.
const redraw = () => void draw().catch(() => {})

for (const choice of document.querySelectorAll('[name=range]')) {
  choice.addEventListener('change', redraw)
}
const recolour = () => {
  for (const chart of charts) chart.recolour()
}
addEventListener('themechange', recolour)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour)

const words = { live: 'Live', waiting: 'No news from the service; trying again' }

redraw()
follow(place.dataset.events, 'overview', {
  take: (parts) => {
    for (const [id, text] of Object.entries(parts)) show(document.getElementById(id), text)
    if (Date.now() - drawn >= figuresEvery) redraw()
  },
  state: (now) => {
    if (state.dataset.state === now) return
    state.dataset.state = now
    state.textContent = words[now]
  },
})
