// Every point of a figure as CSV: series, x, y, amounts to the cent, and of a map what it says there.

import { csvText } from "./csv.js"

const named = text => Object.assign(document.createElement("textarea"), { innerHTML: text }).value
const known = value => value ?? ""

function cents(value) {
  const text = value?.toFixed(2)
  return known(text === "-0.00" ? "0.00" : text)
}

function points({ type, name, x, y, text }, [tellX, tellY]) {
  const series = named(name), across = x.map(tellX), up = y.map(tellY)
  if (type !== "heatmap") return across.map((at, i) => [series, at, up[i], ""])
  return up.flatMap((at, i) => across.map((along, j) => [series, along, at, named(text[i][j])]))
}

export function figureCsv({ data, layout }) {
  const told = [layout.xaxis, layout.yaxis].map(axis => (axis?.tickprefix ? cents : known))
  return csvText([["series", "x", "y", "value"], ...data.flatMap(trace => points(trace, told))])
}
