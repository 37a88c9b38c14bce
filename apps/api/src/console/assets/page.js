/** On every page: the switch of colours, times that stay true, buttons that copy, menus that close. */

const cookie = 'csr-foundry-theme'
const themes = [
  { name: '', title: 'as the system has them', sign: '◐' },
  { name: 'light', title: 'light', sign: '☀' },
  { name: 'dark', title: 'dark', sign: '☾' },
]
const relativeEvery = 15_000
const relativeWithin = 60 * 86_400_000

function showTheme(button, at) {
  const { name, title, sign } = themes[at]
  if (name) document.documentElement.dataset.theme = name
  else delete document.documentElement.dataset.theme
  button.textContent = sign
  button.setAttribute('aria-label', `Colours: ${title}`)
  button.title = `Colours: ${title}`
  button.hidden = false
}

const button = document.getElementById('theme')
if (button) {
  const given = document.documentElement.dataset.theme ?? ''
  let at = Math.max(
    0,
    themes.findIndex(({ name }) => name === given),
  )
  showTheme(button, at)
  button.addEventListener('click', () => {
    at = (at + 1) % themes.length
    showTheme(button, at)
    const { name } = themes[at]
    const secure = location.protocol === 'https:' ? '; Secure' : ''
    const age = name ? 31_536_000 : 0
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not there over plain HTTP
    document.cookie = `${cookie}=${name}; Path=/dashboard; SameSite=Strict; Max-Age=${age}${secure}`
    dispatchEvent(new Event('themechange'))
  })
}

// On a phone the pages do not fit beside each other.
document.querySelector('.tab[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })

/** The same words as in parts/figures.ts. */
function agoText(milliseconds) {
  if (milliseconds < -1_000) return `in ${coarse(-milliseconds)}`
  return milliseconds < 5_000 ? 'just now' : `${coarse(milliseconds)} ago`
}

function coarse(milliseconds) {
  const seconds = Math.round(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

setInterval(() => {
  const now = Date.now()
  for (const time of document.querySelectorAll('time.ago')) {
    const since = now - Date.parse(time.dateTime)
    const text = Math.abs(since) < relativeWithin ? agoText(since) : time.dateTime.slice(0, 10)
    if (time.textContent !== text) time.textContent = text
  }
}, relativeEvery)

for (const copy of document.querySelectorAll('button.copy')) {
  if (!navigator.clipboard) break
  copy.hidden = false
  const words = copy.innerHTML
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(copy.parentElement.querySelector('pre').textContent)
    copy.textContent = 'Copied'
    setTimeout(() => {
      copy.innerHTML = words
    }, 2_000)
  })
}

const openOnes = () => document.querySelectorAll('details:is(.menu, .confirm)[open]')

addEventListener('click', ({ target }) => {
  for (const one of openOnes()) if (!one.contains(target)) one.open = false
})
addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return
  for (const one of openOnes()) {
    one.open = false
    one.querySelector('summary').focus()
  }
})
