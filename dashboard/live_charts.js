// Plotly's drawings moved in place: its own redraw takes longer than a frame. Scales keep their lines, whose figures
// grow and shrink by round factors; names stay where they stand in bars and move along with curves.

const ROOM = 0.065 // of the plot's height: the least distance between two names (dashboard/line_ends.py)
const BEYOND = " \u2191" // marks a curve that the axis cuts
const ROUND = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10]
const SIZES = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"], [1, ""]]
const chartOf = key => document.querySelector(`.st-key-${key} .js-plotly-plot`)

// Writes a text or an attribute, once its first value is known to `undo`.
function written(node, name, value, undo) {
  const known = undo.get(node) ?? undo.set(node, {}).get(node)
  const before = name === "textContent" ? node.textContent : node.getAttribute(name)
  if (!(name in known)) known[name] = before
  if (before !== value) put(node, name, value)
}

function put(node, name, value) {
  if (name === "textContent") node.textContent = value
  else if (value === null) node.removeAttribute(name)
  else node.setAttribute(name, value)
}

// Brings back what was written over, of all nodes or of those within one.
function undone(undo, within = document) {
  for (const [node, known] of undo) {
    if (node.isConnected && !within.contains(node)) continue
    for (const [name, value] of Object.entries(known)) put(node, name, value)
    undo.delete(node)
  }
}

// How many times an axis [low, high] must span for these values.
function growth(values, [low, high]) {
  const need = Math.max(...values.map(value => (value > 0 ? value / high : low < 0 ? value / low : 0))) || 1
  const decade = 10 ** Math.floor(Math.log10(need))
  return ROUND.map(times => times * decade).find(times => times >= need)
}

function ticksTold(chart, letter, times, symbol, undo) {
  const ticks = [...chart.querySelectorAll(`.${letter}tick > text`)].map(node => [node, node.parentNode.__data__.x * times])
  const most = Math.max(...ticks.map(([, value]) => Math.abs(value)))
  const [size, name] = SIZES.find(([size]) => most >= size) ?? [1, ""]
  for (const [node, value] of ticks) {
    const figure = Number((Math.abs(value) / size).toPrecision(6))
    written(node, "textContent", `${value < 0 ? "\u2212" : ""}${symbol}${figure}${value ? name : ""}`, undo)
  }
}

function curvesMoved(model, { money }, undo) {
  const chart = chartOf("cumulative"), slugs = Object.keys(model.options)
  if (!chart?._fullLayout) return
  const { xaxis, yaxis } = chart._fullLayout, [, top] = yaxis.range
  const rows = slugs.map(slug => curve(model, slug)).map(({ x, y }) => ({ x, y: y.map(usd => usd * money.perUsd) }))
  const within = rows.filter((_, i) => !chart.data[i].cliponaxis) // one that ran away must not flatten the others
  const times = growth(within.flatMap(({ y }) => y), yaxis.range), at = value => yaxis.l2p(value / times)
  ticksTold(chart, "y", times, money.symbol, undo)
  const lines = chart.querySelectorAll(".scatterlayer .trace")
  rows.forEach(({ x, y }, i) => {
    const path = y.map((value, t) => `${xaxis.l2p(x[t]).toFixed(2)},${at(value).toFixed(2)}`).join("L")
    written(lines[i].querySelector(".js-line"), "d", `M${path}`, undo)
  })
  for (const line of [...lines].slice(slugs.length)) written(line, "style", "visibility: hidden", undo) // crossings
  namesMoved(chart, rows.map(({ y }, i) => ({
    before: Math.min(chart.data[i].y.at(-1), top),
    after: Math.min(y.at(-1), top * times),
    told: usd(model.read(model.options[slugs[i]].cost), money) + (y.at(-1) > top * times ? BEYOND : ""),
  })), at, undo)
}

// Names at the line ends, of which the chart has the lowest first, moved apart so that none covers another
// (dashboard/line_ends.py).
function namesMoved(chart, ends, at, undo) {
  const ordered = name => [...ends.keys()].sort((i, j) => ends[i][name] - ends[j][name])
  const drawn = ordered("before"), order = ordered("after"), notes = chart.layout.annotations, heights = []
  const room = ROOM * chart._fullLayout.yaxis._length
  const half = order.map(i => (room * notes[drawn.indexOf(i)].text.split("<br>").length) / 2)
  let taken = Infinity
  order.forEach((i, k) => {
    heights[i] = Math.min(at(ends[i].after), taken - half[k])
    taken = heights[i] - half[k]
  })
  let free = 0 // the top of the axis
  for (let k = order.length - 1; k >= 0; k--) {
    heights[order[k]] = Math.max(heights[order[k]], free + half[k])
    free = heights[order[k]] + half[k]
  }
  for (const node of chart.querySelectorAll(".annotation")) {
    const index = Number(node.dataset.index), i = drawn[index]
    if (i === undefined) written(node, "style", "visibility: hidden", undo) // the months of crossings
    else {
      written(node, "transform", `translate(0,${heights[i] - chart._fullLayout.yaxis.l2p(notes[index].y)})`, undo)
      written(node.querySelector("[style*=bold]"), "textContent", ends[i].told, undo)
    }
  }
}

function barsMoved(model, { money }, undo) {
  const chart = chartOf("stack")
  if (!chart?._fullLayout) return
  const { xaxis } = chart._fullLayout, slugs = chart.data[0].y
  const part = (slug, group) => (group in model.options[slug].groups ? model.read(model.options[slug].groups[group]) : 0)
  const sums = slugs.map(() => [0, 0]) // what stands on either side of nothing
  const bars = chart.data.map(({ name }) => slugs.map((slug, i) => {
    const value = part(slug, name) * money.perUsd, side = value < 0 ? 0 : 1, from = sums[i][side]
    sums[i][side] += value
    return [from, sums[i][side]]
  }))
  const times = growth(sums.flat(), xaxis.range)
  ticksTold(chart, "x", times, money.symbol, undo)
  chart.querySelectorAll(".barlayer .trace").forEach((trace, group) => {
    trace.querySelectorAll(".point path").forEach((path, i) => {
      const [, bottom, top] = /,([\d.-]+)V([\d.-]+)H/.exec(path.getAttribute("d")) ?? []
      const [from, to] = bars[group][i].map(value => xaxis.l2p(value / times).toFixed(2))
      if (top !== undefined) written(path, "d", `M${from},${bottom}V${top}H${to}V${bottom}Z`, undo)
    })
  })
  for (const node of chart.querySelectorAll(".annotation")) {
    const { y: slug } = chart.layout.annotations[node.dataset.index]
    written(node.querySelector("text tspan:last-child"), "textContent", usd(model.read(model.options[slug].cost), money), undo)
  }
}
