// Plotly's drawings moved in place: its own redraw takes longer than a frame. A trace that follows says in its `meta` which
// option's result it shows. Scales keep their lines, whose figures grow and shrink by round factors; names stay where they
// stand in bars and move along with curves; what is left, as marks of crossings, is hidden.

import { barPath, lineNodes, linePath, sidesOf, stacked } from "./drawing.js"
import { compact, curve, marked, percent, usd } from "./engine.js"
import { added, written } from "./live_written.js"

const BEYOND = " \u2191" // marks a curve that the axis cuts
const LEAST = 1e-9 // shown on a log axis in place of nothing
const ROUND = [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10], DECADES = [1, 10]
const SIZES = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"], [1, ""]]
const MONEY = ["curve", "levelized", "months", "whole"] // results in USD
const sweeps = new WeakMap() // data of a chart over a number -> what the worker is asked
const END = { // how the value at a line's end is told
  gpus: value => marked(Number(value.toPrecision(3)).toLocaleString("en")), tokens: compact, utilization: percent,
}
const HIDDEN = "visibility: hidden"

const following = () => [...document.querySelectorAll(".plot[data-follows]")].filter(chart => chart._fullLayout)

// All charts of the page but those over a number, which the worker answers for.
export function chartsMoved(model, money) {
  for (const chart of following()) {
    if (chart.data[0].type === "bar") barsMoved(chart, model, money)
    else if (!chart.layout.meta?.along) linesMoved(chart, model, money, ({ meta }) => resultOf(model, meta))
    else todayMoved(chart, model.get(chart.layout.meta.along))
  }
}

// What the worker is asked for charts over a number; the same task as before as long as the chart is.
export function sweepTasks(model, money) {
  return following().filter(({ layout }) => layout.meta?.along).map(chart => sweeps.get(chart.data) ?? sweepTask(chart, model, money))
}

function sweepTask(chart, model, money) {
  const { data, layout } = chart, shown = data.filter(({ meta }) => meta)
  const row = { path: layout.meta.along, grid: [...shown[0].x], of: shown.map(({ meta }) => nodeOf(model, meta)) }
  const done = found => {
    if (document.body.dataset.moving !== "followed" || chart.data !== data) return // the server has answered
    linesMoved(chart, null, money, trace => found[shown.indexOf(trace)])
  }
  return sweeps.set(data, { row, done }).get(data)
}

function nodeOf(model, { option, result }) {
  const known = model.options[option]
  return known[result] ?? known.quantities[result]
}

// Values of a result, USD where it is money: of months those from the first of its trace on.
function resultOf(model, { option, result, group }) {
  const known = model.options[option]
  if (result === "curve") return curve(model, option).y
  if (result !== "months") return model.read(nodeOf(model, { option, result })).slice(1) // of months, not of the eve
  const lines = model.groups[group].filter(name => name in known.lines).map(name => model.read(known.lines[name]))
  return Array.from(model.read(known.cumulative), (_, t) => lines.reduce((sum, line) => sum + line[t], 0))
}

// How many times an axis [low, high] must span for these values.
function growth(values, [low, high], factors) {
  const need = Math.max(...values.map(value => (value > 0 ? value / high : low < 0 ? value / low : 0))) || 1
  const decade = 10 ** Math.floor(Math.log10(need))
  return factors.map(times => times * decade).find(times => times >= need)
}

// The axis in the scale that these values need: where a value lies on it, and its highest value.
function scaled(chart, letter, values) {
  const axis = chart._fullLayout[`${letter}axis`], isLog = axis.type === "log"
  const ends = isLog ? axis.range.map(end => 10 ** end) : axis.range
  const times = growth(values, ends, isLog ? DECADES : ROUND), { tickprefix = "", hoverformat = "" } = axis
  const ticks = [...chart.querySelectorAll(`.${letter}tick > text`)].map(node => {
    const { x } = node.parentNode.__data__
    return [node, (isLog ? Number((10 ** x).toPrecision(9)) : x) * times]
  })
  const most = Math.max(...ticks.map(([, value]) => Math.abs(value)))
  const common = SIZES.find(([size]) => most >= size) ?? [1, ""]
  for (const [node, value] of ticks) {
    const [size, name] = isLog ? (SIZES.find(([size]) => Math.abs(value) >= size) ?? [1, ""]) : common
    const figure = unit => marked(String(Number((Math.abs(value) / unit).toPrecision(6))))
    const sign = value < 0 ? "\u2212" : "", text = `${sign}${tickprefix}${figure(size)}${value ? name : ""}`
    written(node, "textContent", hoverformat.endsWith("%") ? percent(value) : text)
  }
  return { at: value => axis.c2p((isLog ? Math.max(value, LEAST) : value) / times), top: ends[1] * times }
}

function linesMoved(chart, model, money, valuesOf) {
  const { xaxis } = chart._fullLayout, names = {}
  const rows = chart.data.filter(({ meta }) => meta).map(trace => {
    const unit = MONEY.includes(trace.meta.result) ? money.perUsd : 1
    return { trace, index: chart.data.indexOf(trace), y: Array.from(valuesOf(trace), value => value * unit) }
  })
  const within = rows.filter(({ trace }) => !trace.cliponaxis) // one that ran away must not flatten the others
  const { at, top } = scaled(chart, "y", within.flatMap(({ y }) => y).filter(Number.isFinite))
  const drawn = lineNodes(chart)
  for (const { trace, index, y } of rows) {
    const last = y.at(-1), { option, result, end } = trace.meta
    const path = linePath(y.map((value, t) => [xaxis.c2p(trace.x[t]), at(value)]), trace.line.shape)
    written(drawn.get(index).querySelector(".js-line"), "d", path)
    drawn.delete(index)
    const told = result === "curve" && usd(last / money.perUsd, money) + (last > top ? BEYOND : "")
    names[end ?? option] = { y: Math.min(last, top), told: told || END[result]?.(last) }
  }
  for (const node of drawn.values()) written(node, "style", HIDDEN)
  namesMoved(chart, names, at)
}

// Names at the line ends moved apart so that none covers another (dashboard/line_ends.py).
function namesMoved(chart, names, at) {
  const notes = chart.layout.annotations ?? [], lines = slug => notes.find(({ name }) => name === slug).text.split("<br>").length
  const order = Object.keys(names).filter(slug => notes.some(({ name }) => name === slug)).sort((a, b) => names[a].y - names[b].y)
  const room = chart.layout.meta.room * chart._fullLayout.yaxis._length, half = slug => (room * lines(slug)) / 2, heights = {}
  let taken = Infinity, free = 0 // the top of the axis
  for (const slug of order) {
    heights[slug] = Math.min(at(names[slug].y), taken - half(slug))
    taken = heights[slug] - half(slug)
  }
  for (const slug of order.reverse()) {
    heights[slug] = Math.max(heights[slug], free + half(slug))
    free = heights[slug] + half(slug)
  }
  for (const node of chart.querySelectorAll(".annotation")) {
    const { name, y } = notes[node.dataset.index]
    if (name in heights) {
      written(node, "transform", `translate(0,${heights[name] - chart._fullLayout.yaxis.l2p(y)})`)
      const value = node.querySelector("[style*=bold]") // over a number, curves have names alone
      if (value) written(value, "textContent", names[name].told)
    } else if (name !== "today") written(node, "style", HIDDEN) // the months of crossings
  }
}

// On a chart over a number, the line of today's value.
function todayMoved(chart, value) {
  const { xaxis } = chart._fullLayout, by = xaxis.c2p(value) - xaxis.c2p(chart.layout.shapes[0].x0)
  const note = chart.layout.annotations.findIndex(({ name }) => name === "today")
  for (const node of chart.querySelectorAll(`.shapelayer path, .annotation[data-index="${note}"]`)) {
    written(node, "transform", `translate(${by},0)`)
  }
}

// Bars of options, or of months where they stand upright, each made of groups.
function barsMoved(chart, model, money) {
  const upright = chart.data[0].orientation !== "h", places = chart.data[0][upright ? "x" : "y"]
  const { colours } = chart.layout.meta, names = Object.keys(colours), { option } = chart.data[0].meta
  const traces = new Map(chart.data.map((trace, i) => [trace.meta.group, [trace, i]]))
  const nodes = [...chart.querySelectorAll(".barlayer .trace")]
  const rows = stacked(names.map(group => {
    const of = slug => whole(model, slug, group)
    const values = upright ? resultOf(model, { option, result: "months", group }) : Array.from(places, of)
    return values.map(usdOf => usdOf * money.perUsd)
  }))
  const { at } = scaled(chart, upright ? "y" : "x", rows.flat(2)), sides = sidesOf(nodes, upright)
  for (const [n, group] of names.entries()) {
    const parts = rows[n]
    const node = traces.has(group) ? nodes[traces.get(group)[1]]
      : parts.some(([from, to]) => from !== to) && ownBar(nodes, group, colours[group])
    if (!node) continue
    node.querySelectorAll(".point path").forEach((path, i) => {
      if (sides[i]) written(path, "d", barPath(...parts[i].map(at), sides[i], upright))
    })
  }
  if (upright) return
  for (const node of chart.querySelectorAll(".annotation")) {
    const { y: slug } = chart.layout.annotations[node.dataset.index]
    written(node.querySelector("text [style*=bold]"), "textContent", usd(model.read(model.options[slug].cost), money))
  }
}

function whole(model, slug, group) {
  const { groups } = model.options[slug]
  return group in groups ? model.read(groups[group]) : 0
}

// The bars of a group that no option had until now; its name is told by the pointer, in the legend once the server is asked.
function ownBar(nodes, group, colour) {
  const [{ parentNode }] = nodes, known = [...parentNode.children].find(({ dataset }) => dataset.group === group)
  if (known) return known
  const node = nodes[0].cloneNode(true)
  node.dataset.group = group
  for (const path of node.querySelectorAll(".point path")) {
    path.style.fill = colour
    path.setAttribute("d", "")
    path.append(Object.assign(document.createElementNS("http://www.w3.org/2000/svg", "title"), { textContent: group }))
  }
  return added(parentNode, node)
}
