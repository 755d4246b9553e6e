// Plotly's drawings brought to other values in place, which takes a tenth of its own redrawing: where lines, bars, marks
// and texts stand. What else differs, as an axis or a name, is Plotly's to draw.

const DIGIT = /\d/g, TAG = /<[^>]*>/g, SIGNS = [["&lt;", "<"], ["&gt;", ">"], ["&amp;", "&"]]
const isRow = values => Array.isArray(values) && values.every(value => typeof value === "number" || value === null)
const round = pixels => Number(pixels.toFixed(2))

// The path of a line through points [x, y] in pixels, as Plotly writes it.
export function linePath(points, shape) {
  const rounded = points.map(point => point.map(round))
  return rounded.map(([x, y], i) => (!i ? `M${x},${y}` : shape === "hv" ? `H${x}V${y}` : `L${x},${y}`)).join("")
}

// The path of a bar from one value to another, in pixels, between its two sides.
export function barPath(from, to, [near, far], upright) {
  const [a, b] = [round(from), round(to)]
  return upright ? `M${near},${a}V${b}H${far}V${a}Z` : `M${a},${near}V${far}H${b}V${near}Z`
}

// Index of a trace -> its node.
export function lineNodes(chart) {
  return new Map([...chart.querySelectorAll(".scatterlayer .trace")].map(node => [node.__data__[0].trace.index, node]))
}

// The two sides along which each bar stands, from any of its parts that has some length.
export function sidesOf(nodes, upright) {
  const sides = []
  for (const node of nodes) {
    node.querySelectorAll(".point path").forEach((path, i) => {
      const [, x0, y0, y1, x1] = /^M([\d.-]+),([\d.-]+)V([\d.-]+)H([\d.-]+)/.exec(path.getAttribute("d")) ?? []
      if (x1 !== undefined) sides[i] ??= upright ? [x0, x1] : [y0, y1]
    })
  }
  return sides
}

// Rows of values, one for each group, as [from, to] of parts that stand on each other on either side of nothing.
export function stacked(rows) {
  const sums = rows[0].map(() => [0, 0])
  return rows.map(values => values.map((value, i) => {
    const side = value < 0 ? 0 : 1, from = sums[i][side]
    sums[i][side] += value
    return [from, sums[i][side]]
  }))
}

// What two figures have in common that differ only in what `moved` can move.
export function skeleton({ data, layout, ...others }) {
  const bare = ({ x, y, customdata, text, ...trace }) => {
    const rows = [x, y].map(values => (isRow(values) ? values.length : values))
    return trace.mode === "markers" ? [trace, rows] : [trace, rows, text]
  }
  const annotations = layout.annotations?.map(({ x, y, text, ...note }) => [note, text.replace(DIGIT, "0")])
  return JSON.stringify([data.map(bare), { ...layout, annotations }, others])
}

// Brings a drawing to another figure with the same skeleton; false, with nothing touched, where only Plotly can.
export function moved(chart, { data, layout }) {
  const parts = data[0]?.type === "bar" ? barsAt(chart, data, layout) : linesAt(chart, data, layout)
  const notes = parts && notesAt(chart, layout)
  if (!notes) return false
  for (const [node, name, value] of [...parts, ...notes]) {
    if (name !== "data") node.setAttribute(name, value)
    else if (node.data !== value) node.data = value
  }
  return true
}

// Whether an axis stays as it is with these traces: it does where its ends are told, or its values are the same.
function stays(chart, data, layout, letter) {
  const same = ({ [letter]: values }, i) => String(values) === String(chart.data[i][letter])
  return layout[`${letter}axis`]?.range || data.every(same)
}

function isPlain({ xaxis, yaxis, type, mode, fill = "none", line }) {
  if (xaxis || yaxis || type !== "scatter") return false
  const isLine = mode === "lines" && !line.simplify && ["linear", "hv", undefined].includes(line.shape)
  return mode === "markers" || (isLine && ["none", "tonexty"].includes(fill))
}

function linesAt(chart, data, layout) {
  const { xaxis, yaxis } = chart._fullLayout, nodes = lineNodes(chart), parts = []
  if (!data.every(isPlain) || !stays(chart, data, layout, "x") || !stays(chart, data, layout, "y")) return
  const points = data.map(({ x, y }) => x.map((at, i) => [xaxis.c2p(at), yaxis.c2p(y[i])]))
  if (nodes.size !== data.length || points.flat(2).some(pixels => !Number.isFinite(pixels))) return
  for (const [i, { mode, fill, line }] of data.entries()) {
    const node = nodes.get(i), path = linePath(points[i], line?.shape)
    if (mode === "markers") {
      const marks = [...node.querySelectorAll(".point")]
      if (marks.length !== points[i].length || points[i].some(([x, y]) => !within(xaxis, x) || !within(yaxis, y))) return
      marks.forEach((mark, at) => parts.push([mark, "transform", `translate(${points[i][at].map(round)})`]))
    } else parts.push([node.querySelector(".js-line"), "d", path])
    if (fill !== "tonexty") continue
    const back = linePath(points[i - 1].slice().reverse()).replace("M", "L")
    parts.push([nodes.get(i - 1).querySelector(".js-fill"), "d", `${path}${back}Z`]) // Plotly has it below both lines
  }
  return parts.every(([node]) => node) && parts
}

const within = (axis, pixels) => pixels >= 0 && pixels <= axis._length

function barsAt(chart, data, layout) {
  const upright = data[0].orientation !== "h", [across, along] = upright ? ["x", "y"] : ["y", "x"]
  const nodes = [...chart.querySelectorAll(".barlayer .trace")], sides = sidesOf(nodes, upright)
  if (layout.barmode !== "relative" || nodes.length !== data.length || !data.every(({ type }) => type === "bar")) return
  const stands = ({ [across]: at }, i) => String(at) === String(chart.data[i][across])
  if (!stays(chart, data, layout, along) || !data.every(stands)) return
  const { [`${along}axis`]: axis } = chart._fullLayout, parts = []
  for (const [i, row] of stacked(data.map(trace => trace[along])).entries()) {
    const paths = [...nodes[i].querySelectorAll(".point path")]
    if (paths.length !== row.length || row.some((_, at) => !sides[at])) return
    const outline = (ends, at) => barPath(...ends.map(value => axis.c2p(value)), sides[at], upright)
    paths.forEach((path, at) => parts.push([path, "d", outline(row[at], at)]))
  }
  return parts
}

// Texts in the plot: where they stand, from where Plotly drew them, and what they say.
function notesAt(chart, { annotations = [] }) {
  const drawn = chart.layout.annotations ?? [], { xaxis, yaxis } = chart._fullLayout, parts = []
  const nodes = new Map([...chart.querySelectorAll(".annotation")].map(node => [Number(node.dataset.index), node]))
  for (const [i, note] of annotations.entries()) {
    const node = nodes.get(i), was = drawn[i]
    const by = [["x", xaxis], ["y", yaxis]].map(([letter, axis]) => {
      if (note[letter] === was[letter]) return 0
      const [at, before] = [note, was].map(each => axis.l2p(each[letter]))
      return note[`${letter}ref`] !== "paper" && within(axis, at) ? Math.round(at - before) : Number.NaN
    })
    const said = node && letters(node, note.text)
    if (!said || by.some(Number.isNaN)) return
    parts.push([node, "transform", `translate(${by})`], ...said)
  }
  return parts
}

// A text over the one that stands there, letter by letter: of another length it would be another shape.
function letters(node, text) {
  const plain = SIGNS.reduce((words, [name, sign]) => words.replaceAll(name, sign), text.replace(TAG, "")), parts = []
  const walker = document.createTreeWalker(node.querySelector("text"), NodeFilter.SHOW_TEXT)
  let from = 0
  while (walker.nextNode()) {
    const { currentNode: piece } = walker, to = from + piece.data.length
    parts.push([piece, "data", plain.slice(from, to)])
    from = to
  }
  return from === plain.length && parts
}
