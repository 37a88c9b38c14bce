/** Charts of figures, drawn by uPlot in the colours of the page. The legend says the newest values, or those under the pointer. */
/* global uPlot */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const clock = new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

const numberText = (value) => (value < 100 ? short : whole).format(value)

function durationText(milliseconds) {
  if (milliseconds < 1_000) return `${short.format(milliseconds)} ms`
  if (milliseconds < 120_000) return `${short.format(milliseconds / 1_000)} s`
  if (milliseconds < 7_200_000) return `${short.format(milliseconds / 60_000)} min`
  return `${short.format(milliseconds / 3_600_000)} h`
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

function bytesText(bytes) {
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${short.format(bytes / 1_024 ** step)} ${units[step]}`
}

/** Steps of an axis that counts what is not divided. */
const wholeSteps = [1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((by) => [by, 2 * by, 5 * by])
const byteSteps = Array.from({ length: 40 }, (_, power) => 2 ** power)

const lanes = (of) => [(point, s) => of(point.lanes.fast, s), (point, s) => of(point.lanes.slow, s)]
const times = (lane, of) =>
  ['p50', 'p95', 'p99'].map((name) => (point) => point.lanes[lane][of]?.[name] ?? null)

/** What each chart shows: a function for each series, of a point and its seconds, and how its values are written. */
const kinds = {
  throughput: { series: lanes(({ ready }, seconds) => ready / seconds), text: numberText },
  failed: { series: lanes(({ failed }, seconds) => (failed * 60) / seconds), text: numberText },
  waitingLots: {
    series: lanes(({ waitingLots }) => waitingLots ?? null),
    ...{ text: numberText, steps: wholeSteps },
  },
  oldestWaiting: {
    series: lanes((lane) => lane.oldestWaitingMs ?? null),
    text: durationText,
    least: 10,
  },
  fastWait: { series: times('fast', 'wait'), text: durationText, least: 10 },
  slowWait: { series: times('slow', 'wait'), text: durationText, least: 10 },
  fastWork: { series: times('fast', 'work'), text: durationText, least: 10 },
  slowWork: { series: times('slow', 'work'), text: durationText, least: 10 },
  memory: {
    series: [({ usedMemory }) => usedMemory ?? null],
    ...{ text: bytesText, steps: byteSteps },
  },
  workers: {
    series: [({ workers }) => workers ?? null, ({ busyWorkers }) => busyWorkers ?? null],
    ...{ text: numberText, steps: wholeSteps },
  },
}

export const chartsIn = (place) =>
  [...place.querySelectorAll('[data-chart]')].map((figure) => new Chart(figure))

class Chart {
  #figure
  #plot
  #values
  #kind
  #drawn
  #data

  constructor(figure) {
    this.#figure = figure
    this.#kind = kinds[figure.dataset.chart]
    this.#plot = figure.querySelector('.plot')
    this.#values = figure.querySelectorAll('.legend .value')
    new ResizeObserver(() => this.#drawn?.setSize(this.#size())).observe(this.#plot)
  }

  show({ points, stepSeconds, range }) {
    const seconds = points.map(({ at }) => secondsOf(at, stepSeconds))
    const { series } = this.#kind
    this.#data = [
      points.map(({ at }) => Date.parse(at) / 1_000),
      ...series.map((of) => points.map((point, i) => of(point, seconds[i]))),
    ]
    if (this.#drawn) this.#drawn.setData(this.#data)
    else this.#draw()
    this.#say(undefined)
    this.#describe(range)
  }

  recolour() {
    this.#drawn?.destroy()
    this.#drawn = undefined
    if (this.#data) this.#draw()
  }

  #size() {
    return { width: this.#plot.clientWidth, height: this.#plot.clientHeight }
  }

  #draw() {
    const grid = getComputedStyle(this.#figure).borderTopColor
    const words = getComputedStyle(this.#figure.querySelector('.value'))
    const axis = { stroke: words.color, font: `12px ${words.fontFamily}`, ticks: { show: false } }
    const lines = { stroke: grid, width: 1 }
    this.#drawn = new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        cursor: { y: false, points: { size: 7 } },
        scales: {
          y: { range: (_, __, most) => [0, Math.max(most ?? 0, this.#kind.least ?? 1) * 1.08] },
        },
        axes: [
          {
            ...{ ...axis, grid: { show: false }, size: 26, space: 70 },
            values: (_, at) => at.map(clockText),
          },
          {
            ...{ ...axis, grid: lines, size: widthOf, space: 28 },
            values: (_, at) => at.map(this.#kind.text),
            ...(this.#kind.steps && { incrs: this.#kind.steps }),
          },
        ],
        series: [{}, ...this.#series()],
        hooks: { setCursor: [({ cursor }) => this.#say(cursor.idx ?? undefined)] },
      },
      this.#data,
      this.#plot,
    )
  }

  #series() {
    return [...this.#figure.querySelectorAll('.legend li')].map((item, i) => {
      const stroke = getComputedStyle(item, '::before').backgroundColor
      // The first lies under the others: it alone is filled, and no line is told by its colour alone.
      const dash = [undefined, [6, 3], [2, 3]][i]
      const fill = i === 0 ? faint(stroke) : undefined
      return { stroke, fill, width: 2, dash, points: { size: 5, fill: stroke, filter: alone } }
    })
  }

  /** The values at a place, or the newest that there are. */
  #say(at) {
    for (const [i, place] of this.#values.entries()) {
      const values = this.#data[i + 1]
      const value = at === undefined ? values.findLast((one) => one !== null) : values[at]
      const text = value === null || value === undefined ? '–' : this.#kind.text(value)
      if (place.textContent !== text) place.textContent = text
    }
  }

  #describe(range) {
    const title = this.#figure.querySelector('h3').textContent
    const parts = [...this.#figure.querySelectorAll('.legend li')].map((item, i) => {
      const values = this.#data[i + 1].filter((one) => one !== null)
      const most = values.length === 0 ? '–' : this.#kind.text(Math.max(...values))
      return `${item.textContent.trim()}, at most ${most}`
    })
    this.#plot.setAttribute('aria-label', `${title}, last ${range}: ${parts.join('; ')}`)
  }
}

/** `rgb(1, 2, 3)`, as browsers compute colours, nearly seen through. */
const faint = (colour) => colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.1)')

/** What the words of an axis need beside the plot. */
const widthOf = (_, words) => 14 + 7.2 * Math.max(2, ...(words ?? []).map(({ length }) => length))

/** Points without a neighbour, which no line shows. */
function alone({ data }, series) {
  const values = data[series]
  const isThere = (at) => values[at] !== null && values[at] !== undefined
  return [...values.keys()].filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1))
}

const clockText = (seconds) => clock.format(seconds * 1_000)

/** The last step has not ended yet. */
const secondsOf = (at, step) => Math.min(step, Math.max(1, (Date.now() - Date.parse(at)) / 1_000))
