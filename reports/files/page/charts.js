// Charts as SVG: curves over months, bars of groups, cost against volume. Colours are classes c0, c1, ... of page.css;
// sizes are pixels of the room that the element has. Whatever readers named goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg"
const AXIS_STEPS = [1, 2, 2.5, 5, 10]
const NARROW = 560 // pixels below which names stand below the curves
const NAMES = 170 // pixels beside the curves, at least
const APART = 4 // pixels between two marks of the axis below them

// An element of SVG with attributes and children; `text` is its content.
export function shape(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) if (name !== "text") node.setAttribute(name, value)
  if (attributes.text !== undefined) node.textContent = attributes.text
  node.append(...children)
  return node
}

// Round bounds that hold zero and all values, and the ticks between them.
export function roundAxis(lowest, highest) {
  const least = Math.min(0, lowest), most = Math.max(0, highest), width = most - least || 1
  const power = 10 ** Math.floor(Math.log10(width / 5))
  const step = power * AXIS_STEPS.find(part => part * power * 5 >= width * 0.999)
  const low = Math.floor(least / step + 1e-9), high = Math.max(Math.ceil(most / step - 1e-9), low + 1)
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => (low + i) * step)
  return { low: low * step, high: high * step, ticks }
}

// Middles for labels `height` apart, in the order of `places`, as near to them as can be within [low, high].
export function spreadLabels(places, height, low, high) {
  const order = [...places.keys()].sort((a, b) => places[a] - places[b])
  const middles = new Array(places.length)
  let end = low
  for (const i of order) middles[i] = end = Math.max(places[i], end + (end === low ? height / 2 : height))
  end = high + height / 2
  for (const i of order.reverse()) end = middles[i] = Math.min(middles[i], end - height)
  return middles
}

// A round number without idle zeros, as on an axis: 0.1, 10, 1k, 2.5M.
export function roundFigure(value) {
  const [scale, letter] = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]].find(([least]) => Math.abs(value) >= least) ?? [1, ""]
  return `${value < 0 ? "\u2212" : ""}${marked(String(Number(Math.abs(value / scale).toPrecision(6))))}${letter}`
}

let pen = null, faces = ""

// Pixels that a text of a chart is wide, as page.css sets it.
function widthOf(text, weight = 400) {
  pen ??= document.createElement("canvas").getContext("2d")
  faces ||= getComputedStyle(document.body).fontFamily
  pen.font = `${weight} 12.5px ${faces}`
  return pen.measureText(text).width
}

// As much of a label as fits that many pixels.
function clipped(label, room) {
  let letters = label.length
  while (letters > 1 && widthOf(`${label.slice(0, letters).trimEnd()}${letters < label.length ? "…" : ""}`) > room) letters -= 1
  return letters < label.length ? `${label.slice(0, letters).trimEnd()}…` : label
}

// A frame of its own size: draws what `paint(width, height)` returns whenever the room or the figures change.
export class Frame {
  #paint; #node; #width = 0

  constructor(node) {
    this.#node = node
    new ResizeObserver(() => { if (node.clientWidth !== this.#width) this.draw() }).observe(node)
  }

  show(label, height, paint) {
    Object.assign(this, { label, height })
    this.#paint = paint
    this.draw()
  }

  draw() {
    const width = (this.#width = this.#node.clientWidth)
    if (!width || !this.#paint) return
    const height = typeof this.height === "function" ? this.height(width) : this.height
    const drawing = shape("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": this.label })
    drawing.append(...this.#paint(width, height))
    this.#node.replaceChildren(drawing)
  }
}

// `curves` are [{ c, label, value, x, y, out }], `marks` [{ x, y, text }]; `across` and `up` are { at, ticks: [[value, text]] }.
function plotted(width, height, { curves, marks, across, up, unit, today }) {
  const narrow = width < NARROW, top = 14
  const left = Math.max(52, ...up.ticks.map(([, text]) => Math.ceil(widthOf(text)) + 10))
  const longest = Math.max(...curves.map(({ label, value }) => widthOf(label) + widthOf(`${value} `, 600)))
  const least = (across.ticks.length - 1) * (Math.max(...across.ticks.map(([, text]) => widthOf(text))) + APART)
  const wished = Math.ceil(longest / 20) * 20 + 30 // in steps: a figure changes
  const right = narrow ? 8 : Math.max(NAMES, Math.min(wished, width - left - least))
  const names = narrow ? curves.length * 18 + 6 : 0, bottom = 34 + names // on a telephone names stand below
  const x = value => left + across.at(value) * (width - left - right)
  const y = value => height - bottom - up.at(value) * (height - top - bottom)
  const found = up.ticks.flatMap(([value, text]) => [
    shape("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
    shape("text", { class: "axis", x: left - 6, y: y(value) + 4, "text-anchor": "end", text }),
  ])
  found.push(...across.ticks.map(([value, text], i) => shape("text", {
    class: "axis", x: x(value), y: height - names - 18, text,
    "text-anchor": i === across.ticks.length - 1 && narrow ? "end" : "middle",
  })))
  found.push(shape("text", { class: "axis", x: (left + width - right) / 2, y: height - names - 3, "text-anchor": "middle", text: unit }))
  if (today !== undefined) found.push(shape("line", { class: "today", x1: x(today), x2: x(today), y1: top, y2: height - bottom }),
    shape("text", { class: "axis", x: x(today), y: top - 3, "text-anchor": "middle", text: "today" }))
  for (const curve of curves) {
    const points = curve.x.map((value, i) => `${x(value).toFixed(1)},${y(curve.y[i]).toFixed(1)}`).join(" ")
    found.push(shape("polyline", { class: `curve ${curve.c}${curve.out ? " out" : ""}`, points }))
  }
  for (const mark of marks) found.push(
    shape("circle", { class: "mark", cx: x(mark.x), cy: y(mark.y), r: 4.5 }),
    shape("text", { class: "note", x: x(mark.x), y: y(mark.y) - 10, "text-anchor": "middle", text: mark.text }))
  const middles = narrow ? curves.map((_, i) => height - names + 12 + i * 18)
    : spreadLabels(curves.map(({ y: values }) => y(values.at(-1))), 17, top, height - bottom)
  const start = narrow ? 4 : width - right + 8
  curves.forEach(({ c, label, value }, i) => found.push(...named(c, value, label, start, middles[i], width)))
  return found
}

function plotHeight(curves) { return width => (width < NARROW ? 300 + curves * 18 : 340) }

// A swatch, a value and whose it is, in a line around `y` that ends before `end`.
function named(c, value, label, x, y, end) {
  const whose = clipped(label, end - x - 15 - widthOf(`${value} `, 600))
  return [shape("rect", { class: `swatch ${c}`, x, y: y - 5, width: 10, height: 10 }),
    shape("text", { class: "end", x: x + 15, y: y + 4 },
      shape("tspan", { class: "strong", text: `${value} ` }), shape("tspan", { text: whose }))]
}

// Cumulative cost of every option over the months, its crossings marked; all amounts as they are shown.
export function drawCurves(frame, label, curves, marks, months, tell) {
  const values = curves.flatMap(({ y }) => y), { low, high, ticks } = roundAxis(Math.min(...values), Math.max(...values))
  const last = months.length - 1, step = [[1, 6], [3, 24], [12, 96]].find(([, longest]) => last <= longest)?.[0] ?? 24
  frame.show(label, plotHeight(curves.length), (width, height) => plotted(width, height, {
    curves, marks, unit: "End of the month",
    across: { at: month => month / last, ticks: everyMonth(last, width < NARROW ? step * 2 : step).map(at => [at, months[at]]) },
    up: { at: value => (value - low) / (high - low), ticks: ticks.map(value => [value, tell(value)]) },
  }))
}

function everyMonth(last, step) { return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step) }

function powersOfTen(low, high, most) {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9)
  const by = Math.max(1, Math.ceil((last - first + 1) / most))
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, i) => 10 ** (first + i * by))
}

// Cost per million tokens of every option against the volume of requests, both in equal ratios.
export function drawVolume(frame, label, curves, marks, volumes, today, tell, count, unit) {
  const values = curves.flatMap(({ y }) => y).filter(value => value > 0 && Number.isFinite(value))
  if (!values.length) return
  const [left, right] = [volumes[0], volumes.at(-1)], [low, high] = [Math.min(...values), Math.max(...values)]
  const share = (value, from, to) => Math.log(Math.max(value, from) / from) / Math.log(to / from || 1)
  const floor = 10 ** Math.floor(Math.log10(low)), ceiling = 10 ** Math.ceil(Math.log10(high))
  frame.show(label, plotHeight(curves.length), (width, height) => plotted(width, height, {
    curves, marks, today, unit,
    across: { at: value => share(value, left, right), ticks: powersOfTen(left, right, width / 90).map(v => [v, count(v)]) },
    up: { at: value => share(value, floor, ceiling), ticks: powersOfTen(floor, ceiling, 7).map(v => [v, tell(v)]) },
  }))
}

// A bar for each option made of groups, from the cheapest down; credits to the left of zero.
export function drawBars(frame, label, bars, groups, tell) {
  const sums = bars.flatMap(({ parts }) => [parts.reduce((sum, part) => sum + Math.max(part, 0), 0),
                                            parts.reduce((sum, part) => sum + Math.min(part, 0), 0)])
  const { low, high, ticks } = roundAxis(Math.min(...sums), Math.max(...sums)), row = 46
  frame.show(label, bars.length * row + 26, (width, height) => {
    const x = value => 4 + ((value - low) / (high - low)) * (width - 12)
    const lines = ticks.filter((_, i) => i % (width < 420 ? 2 : 1) === 0).flatMap(value => [
      shape("line", { class: "grid", x1: x(value), x2: x(value), y1: 0, y2: height - 20 }),
      shape("text", { class: "axis", x: x(value), y: height - 5, text: tell(value),
                      "text-anchor": value === low ? "start" : x(value) > width - 40 ? "end" : "middle" }),
    ])
    return [...lines, ...bars.flatMap(({ c, label: name, value, parts }, i) => {
      let up = 0, down = 0
      const pieces = parts.map((part, g) => {
        const from = part < 0 ? down : up, to = from + part
        if (part < 0) down = to; else up = to
        const piece = shape("rect", { class: `group g${groups[g].index}`, x: x(Math.min(from, to)), y: i * row + 22, height: 16,
                                      width: Math.max(0, x(Math.max(from, to)) - x(Math.min(from, to))) })
        piece.append(shape("title", { text: `${groups[g].name}: ${tell(part)}` }))
        return piece
      })
      return [...named(c, value, name, 4, i * row + 10, width), ...pieces]
    })]
  })
}
