/** What pages that move have in common: figures from the server take the place of those that stand there. */

const again = 5_000

/** Makes one tree like another, and touches only what differs: focus, selection and open menus stay. */
export function morph(from, to) {
  if (from.isEqualNode(to)) return
  const isSame =
    from.nodeType === to.nodeType &&
    from.nodeName === to.nodeName &&
    // What is open or filled in about one thing is not to be about another.
    from.dataset?.key === to.dataset?.key
  if (!isSame) {
    from.replaceWith(to)
    return
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue
    return
  }
  copyAttributes(from, to)
  const [old, fresh] = [[...from.childNodes], [...to.childNodes]]
  for (const [i, node] of fresh.entries()) {
    if (old[i]) morph(old[i], node)
    else from.append(node)
  }
  for (const node of old.slice(fresh.length)) node.remove()
}

/** What its reader has opened stays open, and what a script has shown stays shown. */
const kept = new Set(['open', 'hidden'])

function copyAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !kept.has(name)) from.removeAttribute(name)
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !kept.has(name)) from.setAttribute(name, value)
  }
}

/** Puts a piece of a page, as the server has drawn it, into an element. */
export function show(element, text) {
  const fresh = element.cloneNode(false)
  fresh.append(...new DOMParser().parseFromString(text, 'text/html').body.childNodes)
  morph(element, fresh)
}

/** Asks for a page, and makes these parts of the one that is open like its. */
export async function redraw(path, parts) {
  const answer = await fetch(path, { headers: { accept: 'text/html' } })
  // To the page to log in on: the session has ended.
  if (answer.redirected) location.reload()
  if (!answer.ok || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of parts) {
    const [from, to] = [document.querySelector(part), page.querySelector(part)]
    if (from && to) morph(from, to)
  }
}

async function leaveIfLoggedOut() {
  const answer = await fetch('/dashboard/session')
  if (answer.ok && !(await answer.json()).isLoggedIn) location.reload()
}

/**
 * Hands the events of a kind to `take` while the page is seen: one that lies in the background costs nothing. A stream that ends is
 * begun again after a while, unless `ended` says that this was all; `state` is told `live` or `waiting`.
 */
export function follow(path, kind, { take, ended = () => false, state = () => {} }) {
  let source
  let timer
  let isOver = false
  const stop = () => {
    source?.close()
    source = undefined
    clearTimeout(timer)
  }
  const start = () => {
    stop()
    source = new EventSource(path)
    source.addEventListener(kind, ({ data }) => {
      state('live')
      take(JSON.parse(data))
    })
    source.addEventListener('error', () => {
      stop()
      isOver = ended()
      if (isOver) return
      state('waiting')
      timer = setTimeout(start, again)
      void leaveIfLoggedOut().catch(() => {})
    })
  }
  const look = () => {
    if (document.hidden) stop()
    else if (!isOver) start()
  }
  document.addEventListener('visibilitychange', look)
  look()
}
