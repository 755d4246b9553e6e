// Every point of a figure as CSV: series, x, y, amounts to the cent; of a map, each series is where it leads.

import { csvText } from "./csv.js"

const named = text => Object.assign(document.createElement("textarea"), { innerHTML: text }).value
const known = value => value ?? ""

function cents(value) {
  const text = value?.toFixed(2)
  return known(text === "-0.00" ? "0.00" : text)
}

function points({ type, name, x, y, z }, [tellX, tellY]) {
  const series = named(name), across = x.map(tellX), up = y.map(tellY)
  if (type !== "heatmap") return across.map((at, i) => [series, at, up[i]])
  return up.flatMap((at, i) => across.flatMap((along, j) => (z[i][j] === null ? [] : [[series, along, at]])))
}

export function figureCsv({ data, layout }) {
  const told = [layout.xaxis, layout.yaxis].map(axis => (axis?.tickprefix ? cents : known))
  return csvText([["series", "x", "y"], ...data.flatMap(trace => points(trace, told))])
}
