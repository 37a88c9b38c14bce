/** The page of a batch: its figures as they move, and once more the whole page when it is over. */
import { follow, redraw, show } from './live.js'

const live = document.getElementById('live')
const { events } = live.dataset

if (events) {
  follow(events, 'batch', {
    take: (text) => show(live, text),
    // What can be done with it has changed as well.
    ended: () => {
      if (live.querySelector('[data-over]') === null) return false
      void redraw(location.pathname, ['.head', '#live'])
      return true
    },
  })
}
