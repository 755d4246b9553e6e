// What is asked of a model (model.js), as the engine says it: the same rules, order, tolerances and crossings.

const TOLERANCE = 1e-9 // of the larger amount: below it two costs are the same (costmodel/break_even.py)

// Net present cost of each option, USD by slug.
export function costs(model) {
  return Object.fromEntries(Object.entries(model.options).map(([slug, { cost }]) => [slug, model.read(cost)]))
}

// The first rule of the scenario that an option breaks; empty where it keeps to all.
export function brokenRule(model, slug) {
  const { rules } = model.options[slug]
  return Object.keys(rules).find(name => model.read(rules[name]) > 0) ?? ""
}

export const ruledOut = (model, slug) => brokenRule(model, slug) !== ""

// Slugs from the cheapest to the dearest, those that are ruled out last.
export function ranking(model) {
  const usd = costs(model), out = slug => ruledOut(model, slug)
  return Object.keys(usd).sort((a, b) => out(a) - out(b) || usd[a] - usd[b])
}

// Cumulative present cost, and at the end a step down by what is sold then: { x: months, y: USD }.
export function curve(model, slug) {
  const { cost, cumulative } = model.options[slug], y = [...model.read(cumulative), model.read(cost)]
  return { x: y.map((_, t) => Math.min(t, y.length - 2)), y }
}

// What b saves against a in each month, with differences that are none taken as none.
function lead(a, b) {
  return Float64Array.from(a, (usd, t) => {
    const difference = usd - b[t]
    return Math.abs(difference) <= TOLERANCE * Math.max(Math.abs(usd), Math.abs(b[t])) ? 0 : difference
  })
}

// Whether and when b overtakes a: { outcome: "start", "month", "never" or "same", month, crossings: [{ at, usd, cheaper }] }.
export function inTime(model, a, b) {
  const [costA, costB] = [a, b].map(slug => model.read(model.options[slug].cumulative))
  const saving = lead(costA, costB), last = saving.length - 1
  const known = [...saving.keys()].filter(t => saving[t])
  if (!known.length) return { outcome: "same", month: null, crossings: [] }
  const crossings = known.slice(1).flatMap((after, i) => {
    const before = known[i]
    if (saving[before] * saving[after] > 0) return []
    const at = before + ((after - before) * saving[before]) / (saving[before] - saving[after])
    return [{ at, usd: between(costB, at), cheaper: saving[after] > 0 ? b : a }]
  })
  const month = lastCrossing(saving)
  if (month === null || (saving[last] <= 0 && month > 0)) return { outcome: "never", month: null, crossings }
  return { outcome: month > 0 ? "month" : "start", month: month || null, crossings }
}

function between(row, at) {
  const t = Math.min(Math.floor(at), row.length - 2)
  return row[t] + (row[t + 1] - row[t]) * (at - t)
}

// The position after which a balance stays above zero: 0 when it always is, null when it ends below.
function lastCrossing(balance) {
  const noise = balance.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * TOLERANCE
  const last = balance.findLastIndex(value => value < -noise)
  if (last < 0) return 0
  if (last === balance.length - 1) return null
  return last + balance[last] / (balance[last] - balance[last + 1])
}

// What `read(model)` gives with all `paths` at each value of a grid; the model is left as it was.
export function along(model, paths, grid, read) {
  const before = Object.fromEntries(paths.filter(path => model.has(path)).map(path => [path, model.get(path)]))
  const found = grid.map(value => {
    model.set(Object.fromEntries(paths.map(path => [path, value])))
    return read(model)
  })
  model.set(before)
  return found
}
