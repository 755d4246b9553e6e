// Cash by month and line: as a table of one option, and of all options as a CSV that is made in the page. No imports.

// Every option, month and line: cash as it is paid and in today's money, in the currency shown, unrounded.
export function csvOf(model, told) {
  const { code, perUsd } = told.money
  const rows = [["option", "month", "month end", "line", "group", `cash (${code})`, `${told.said} (${code})`]]
  for (const [slug, { cash, lines }] of Object.entries(model.options)) {
    for (const name of Object.keys(lines)) {
      const paid = [...model.read(cash[name])], present = [...model.read(lines[name])], { label, group } = told.lines[name]
      told.ends.forEach((end, t) => rows.push([told.labels[slug], t, end, label, group, paid[t] * perUsd, present[t] * perUsd]))
    }
  }
  return csvText(rows)
}

// A table of the cash of one option: lines down, months across, totals first.
export function monthsTable(model, slug, told) {
  const { perUsd } = told.money, { cash } = model.options[slug]
  const tell = value => { const shown = Math.round(value * perUsd); return shown ? marked(shown.toLocaleString("en-US")).replace("-", "\u2212") : "" }
  const cell = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name })
  const row = (tag, cells) => {
    const node = document.createElement("tr")
    node.append(...cells.map((text, i) => cell(i ? tag : "th", text, i ? "number" : "text")))
    node.firstChild.scope = tag === "th" ? "col" : "row"
    if (tag === "th") for (const heading of node.children) heading.scope = "col"
    return node
  }
  const table = document.createElement("table"), head = document.createElement("thead"), body = document.createElement("tbody")
  table.className = "plain"
  head.append(row("th", ["Line", "Total", ...told.months]))
  const all = new Float64Array(told.months.length)
  for (const [name, node] of Object.entries(cash)) {
    const amounts = [...model.read(node)]
    if (!amounts.some(Boolean)) continue
    amounts.forEach((amount, t) => { all[t] += amount })
    body.append(row("td", [told.lines[name].label, tell(amounts.reduce((x, y) => x + y, 0)), ...amounts.map(tell)]))
  }
  body.append(row("td", ["All lines", tell(all.reduce((x, y) => x + y, 0)), ...[...all].map(tell)]))
  body.lastChild.className = "sum"
  table.append(head, body)
  return table
}
