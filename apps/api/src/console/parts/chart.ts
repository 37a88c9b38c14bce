import { html } from 'hono/html'

/** The place of a chart, with its height, and a legend that says the values; assets/charts.js draws it. */
export const chart = (name: string, title: string, series: readonly string[]) =>
  html`<figure class="chart panel" data-chart="${name}"><figcaption><h3>${title}</h3><ul class="legend">${series.map(
    (one, i) => html`<li class="series-${i + 1}">${one} <span class="value">–</span></li>`,
  )}</ul></figcaption><div class="plot" role="img" aria-label="${title}: no figures yet"></div></figure>`
