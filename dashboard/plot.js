// One chart per element. Streamlit calls the default export again on new data and on a change of theme.

import { moved, skeleton } from "./drawing.js"
import { framed } from "./plot_frame.js"

const COLOUR = /"var\((--st-[\w-]+-color)\)"/g // a text of its own in a figure
const NARROW = 520 // pixels: a telephone
const charts = new WeakMap()
let library

function plotly(url) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script")
    script.src = url
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => {
      script.remove()
      library = undefined // the next run tries again
      reject(new Error("The chart library could not be loaded."))
    }
    document.head.append(script)
  })
  return library
}

const LETTERS = 13, LETTER = 6.5 // pixels, unless a page says otherwise: of a text's height, of a letter's width
const FIGURES = 40 // pixels that the figures of an upright axis take
const PLAIN = { dragmode: false, uirevision: true, margin: { t: 8, r: 8, b: 8, l: 8 } }
const config = {
  displaylogo: false,
  displayModeBar: false,
  showTips: false,
}

// What figures leave to the theme. The paper has the page's colour, not none, so that a saved picture is readable.
function template(css) {
  const [ink, muted, line, paper] = ["text", "gray-text", "border", "background"].map(name => css(`--st-${name}-color`))
  const font = { family: css("--st-font"), size: Number(css("--plot-font-size")) || LETTERS }
  const axis = {
    automargin: true,
    gridcolor: line,
    linecolor: muted,
    tickcolor: muted,
    tickfont: { color: muted },
    title: { font: { ...font, color: muted } },
    zerolinecolor: muted,
  }
  return {
    layout: {
      font: { ...font, color: ink },
      paper_bgcolor: paper,
      plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: { ...axis, showgrid: false, showline: true, zeroline: false, ticks: "outside" },
      yaxis: { ...axis, rangemode: "tozero", ticklabeloverflow: "allow" }, // the last is named, with the least margin too
      hoverlabel: { bgcolor: paper, bordercolor: line, font: { ...font, color: ink } },
    },
  }
}

// The layout for a width; names in several lines ask for more than the figure's `height`.
function fitted({ layout, narrow, height }, width) {
  const fitting = width < NARROW ? { ...layout, ...narrow } : { ...layout }
  return { ...fitting, height: Math.max(height, fitting.height ?? 0) }
}

// The layout in larger letters and taller rows: what it says in pixels grows with them.
function grown(layout, letters, tall) {
  const { margin = {}, annotations = [] } = layout
  return {
    ...layout,
    margin: Object.fromEntries(Object.entries(margin).map(([side, pixels]) => [side, pixels * letters])),
    annotations: annotations.map(each => ({ ...each, yshift: (each.yshift ?? 0) * tall })),
  }
}

// An axis with every so many of its names that each has room on so many pixels, the last and another for sure.
function roomy(axis, pixels) {
  const { ticktext: names = [], tickvals: at } = axis ?? {}, steps = names.length - 1
  if (steps < 2) return axis
  const needed = Math.max(...names.map(name => name.length)) * LETTER + LETTERS
  const step = Math.min(Math.ceil((needed * steps) / Math.max(pixels, 1)), Math.floor(steps / 2))
  const kept = (_, i) => (steps - i) % step === 0
  return step > 1 ? { ...axis, tickvals: at.filter(kept), ticktext: names.filter(kept) } : axis
}

// Pixels that the names of parts below a drawing take beyond those that the figure keeps for them.
function more(node, { height, margin, legend }) {
  const taken = node._fullLayout.legend?._height
  if (legend?.yanchor !== "top" || !taken) return 0
  return Math.round(taken - legend.y * (height - margin.t - margin.b) - margin.b)
}

// Draws what there is to draw: all of it, or only what differs. Plotly then lags behind until it is asked for something,
// as the figures at the pointer, and draws the `whole`.
async function draw(chart, whole = chart.node.matches(":hover")) {
  const Plotly = await plotly(chart.node.dataset.plotly)
  const { node } = chart
  if (!node.isConnected) return
  const style = getComputedStyle(node)
  const read = {}, css = name => (read[name] ??= style.getPropertyValue(name).trim()) // reading one takes its time
  const theme = template(css)
  const width = node.clientWidth
  const given = style.minHeight === node.style.minHeight ? 0 : Math.round(Number.parseFloat(style.minHeight)) || 0
  const state = `${width} ${given}${JSON.stringify(theme)}${chart.text}`
  if (!width || (state === chart.state && !(whole && chart.lags))) return
  chart.state = state
  const themed = chart.text.replace(COLOUR, (_, name) => JSON.stringify(css(name)))
  const { data, alt, currency, marks, ...asked } = JSON.parse(themed)
  const fitting = fitted(asked, width), least = fitting.height
  const height = Math.max(least, given) // a page may give charts more than they ask for
  node.style.minHeight = `${least + chart.more}px`
  const letters = theme.layout.font.size / LETTERS, tall = height / least, { l = 0, r = 0 } = fitting.margin ?? {}
  fitting.xaxis = roomy(fitting.xaxis, width / letters - l - r - FIGURES)
  const layout = letters === 1 && tall === 1 ? fitting : grown(fitting, letters, tall)
  node.dispatchEvent(new Event("redraw", { bubbles: true })) // what was changed in the old drawing is put back
  node.toggleAttribute("data-follows", data.some(({ meta }) => meta))
  const figure = { data, layout: { ...PLAIN, ...layout, template: theme, width, height }, currency, marks }
  const lengthened = by => {
    const { height, margin } = figure.layout
    figure.layout = { ...figure.layout, height: height + by, margin: { ...margin, b: margin.b + by } }
  }
  const own = letters === 1 && tall === 1
  if (own && chart.more) lengthened(chart.more)
  const bones = skeleton(figure)
  chart.lags = !whole && bones === chart.bones && moved(node, figure)
  chart.bones = bones
  if (!chart.lags) {
    const format = { currency: [currency, ""], decimal: marks.decimal, thousands: marks.group }
    const drawn = () => // of a copy, since Plotly writes what it finds into the layout
      Plotly.react(node, data, structuredClone(figure.layout), { ...config, locale: "shown", locales: { shown: { format } } })
    await drawn()
    const by = own ? more(node, figure.layout) : 0
    if (by) { // the names of parts take more lines than there were, or fewer, and no bar gives way to them
      lengthened(by)
      chart.more += by
      chart.bones = skeleton(figure)
      node.style.minHeight = `${figure.layout.height}px`
      await drawn()
    }
  }
  node.querySelectorAll(".main-svg").forEach((svg, layer) => {
    if (layer) return svg.setAttribute("aria-hidden", "true")
    svg.setAttribute("role", "img")
    svg.setAttribute("aria-label", alt)
  })
}

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".plot")
  let chart = charts.get(node)
  if (!chart) {
    chart = { node, more: 0 }
    charts.set(node, chart)
    chart.observer = new ResizeObserver(() => draw(chart))
    chart.observer.observe(node)
    chart.whole = () => draw(chart, true)
    const pointed = () => chart.lags && !document.body.dataset.moving && chart.whole()
    for (const way of ["pointerenter", "pointermove"]) node.addEventListener(way, pointed)
  }
  chart.text = new TextDecoder().decode(data)
  const figure = JSON.parse(chart.text), { frame } = figure
  Object.assign(chart, { frame, ask: setTriggerValue })
  // What is below keeps its place until the chart is drawn.
  node.style.minHeight = `${fitted(figure, node.clientWidth).height + chart.more}px`
  framed(chart, parentElement)
  draw(chart)
  // Streamlit also calls this for a run that a newer one has overtaken, while the element lives on.
  return () => {
    if (node.isConnected) return
    chart.observer.disconnect()
    window.Plotly?.purge(node)
  }
}
