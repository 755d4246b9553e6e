// What stands around a chart, and how it is taken along: as data, as a picture with its words in it, to its formula.

import { figureCsv } from "./plot_data.js"

const MARGIN = 24, LETTER = 0.52 // pixels; width of a letter, of its size
const harmless = words => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const save = (address, name) => Object.assign(document.createElement("a"), { href: address, download: name }).click()

// Words broken into lines of at most so many letters.
function broken(words, letters) {
  const lines = [""]
  for (const word of words.split(" ")) {
    const last = lines.at(-1)
    if (last && last.length + 1 + word.length > letters) lines.push(word)
    else lines[lines.length - 1] = last ? `${last} ${word}` : word
  }
  return lines.map(harmless)
}

function data({ frame, text }) {
  const address = URL.createObjectURL(new Blob([figureCsv(JSON.parse(text))], { type: "text/csv" }))
  save(address, `${frame.file}.csv`)
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

// The drawing with title and measure above, and what it rests on and whose it is below.
async function picture(chart, format) {
  await chart.whole()
  const { node, frame } = chart, { font } = node._fullLayout, width = Math.max(node.clientWidth, 720)
  const lines = (words, size) => broken(words, Math.floor((width - 2 * MARGIN) / (size * LETTER)))
  const small = font.size * 0.9, big = font.size * 1.35
  const above = [...lines(frame.title, big).map(line => `<b style="font-size:${big}px">${line}</b>`),
    ...lines(frame.measure, font.size)]
  const below = [...lines(frame.foot, small), ...lines(frame.whose, small)]
  const [top, bottom] = [above, below].map(rows => rows.length * font.size * 1.5 + 2 * MARGIN)
  const { margin, annotations = [] } = node.layout, height = node._fullLayout.height + top + bottom
  const words = (rows, place) => ({ text: rows.join("<br>"), xref: "paper", yref: "paper", x: 0, align: "left",
    xanchor: "left", showarrow: false, ...place })
  const layout = {
    ...node.layout, width, height, autosize: false,
    margin: { ...margin, t: (margin.t ?? 8) + top, b: (margin.b ?? 8) + bottom, l: Math.max(margin.l ?? 8, MARGIN),
      r: Math.max(margin.r ?? 8, MARGIN) },
    annotations: [...annotations, words(above, { y: 1, yanchor: "bottom", yshift: (margin.t ?? 8) + 8 }),
      words(below, { y: 0, yanchor: "top", yshift: -node._fullLayout._size.b - 12, font: { ...font, size: small } })],
  }
  const shape = { format, width, height, scale: format === "svg" ? 1 : 2 }
  save(await window.Plotly.toImage({ data: node.data, layout }, shape), `${frame.file}.${format}`)
}

const WAYS = {
  csv: { of: "Data as CSV", take: data },
  png: { of: "Picture", take: chart => picture(chart, "png") },
  svg: { of: "Picture as SVG", take: chart => picture(chart, "svg") },
  formula: { of: "Formula", take: chart => chart.ask("formula", true) },
}

export function framed(chart, parent) {
  const { frame } = chart
  const measure = parent.querySelector(".chart-measure"), foot = parent.querySelector(".chart-foot")
  foot.hidden = !frame
  measure.hidden = !frame?.measure
  if (!frame) return
  measure.textContent = frame.measure
  foot.querySelector("span").textContent = frame.foot
  for (const button of foot.querySelectorAll("button")) {
    const { of, take } = WAYS[button.dataset.way]
    button.setAttribute("aria-label", `${of}: ${frame.title}`)
    button.onclick = () => take(chart)
  }
}

