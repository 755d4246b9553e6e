// Titles and where owning stands, in words, of a model whose levers were moved. `told` is what told.py says of the
// scenario: names, months, currency. No imports: the scripts of reports/program stand before it.

const UNTIL_SOLD = ", but not once what is sold at the end counts"

function lowered(name) { return /^[A-Z]{2}/.test(name) ? name : name[0].toLowerCase() + name.slice(1) }

// All that sentences ask of a model, worked out once for a state of its levers.
export function outcome(model, told) {
  const usdOf = costs(model), order = ranking(model), out = new Set(order.filter(slug => ruledOut(model, slug)))
  const allowed = order.filter(slug => !out.has(slug))
  const owned = order.find(slug => told.options[slug].owns), rented = order.find(slug => !told.options[slug].owns)
  let pair = told.chosen
  if (!pair && owned && rented) {
    const both = [owned, rented].every(slug => allowed.includes(slug))
    pair = allowed.length > 1 && !both ? [order[1], order[0]] : [rented, owned]
  }
  return { model, told, usdOf, order, out, allowed, owned, rented, pair }
}

// How b's curve stands to a's over time: { words, crossings }.
function overtaking({ model, told, usdOf, out, allowed }, a, b) {
  const found = inTime(model, a, b), named = found.crossings.slice(-2), pays = usdOf[b] < usdOf[a]
  const other = `${told.labels[a]}${allowed.length && out.has(a) ? " (ruled out)" : ""}`
  const when = named.map(({ at }) => told.named[Math.ceil(at)]), end = pays ? "" : UNTIL_SOLD
  if (found.outcome === "same" && !pays) return { words: `the same cost as ${other}`, crossings: [] }
  if (found.outcome === "start") return { words: `cheaper than ${other} from the start${end}`, crossings: [] }
  if (found.outcome === "month") return { words: `cheaper than ${other} from ${when.at(-1)} on${end}`, crossings: named.slice(-1) }
  if (pays) return { words: `cheaper than ${other} only through what the hardware is worth at the end`, crossings: [] }
  if (named.length === 2) return { words: `cheaper than ${other} from ${when[0]} on, dearer from ${when[1]} on`, crossings: named }
  if (named.length) return { words: `dearer than ${other} from ${when[0]} on`, crossings: named }
  return { words: `never cheaper than ${other}`, crossings: [] }
}

// Where owning stands, in a sentence; empty where nobody or everybody owns.
export function owning(found) {
  const { told, owned, rented, out } = found
  if (!owned || !rented) return ""
  const barred = [[rented, owned], [owned, rented]].find(([one, other]) => out.has(one) && !out.has(other))
  if (barred) return `${told.labels[barred[0]]}: ruled out by the scenario.`
  const { words } = overtaking(found, rented, owned)
  return `${told.labels[owned]}: ${words}${words.startsWith("never") ? " at this volume" : ""}.`
}

// Title of the curves, and the crossings that it names.
export function curvesTitle(found) {
  const { told, usdOf, order, pair, out, allowed } = found
  if (!pair) {
    const ends = [...new Set([order[0], order.at(-1)])].map(slug => `${told.labels[slug]} ${usd(usdOf[slug], told.money)}`)
    return { title: `By the end, ${told.said}: ${ends.join(", ")}`, crossings: [] }
  }
  const [a, b] = pair, { words, crossings } = overtaking(found, a, b)
  const near = closeToLeast({ [a]: usdOf[a], [b]: usdOf[b] }).length > 1
  const close = near && !words.startsWith("the same") ? ", yet too close to call" : ""
  const name = `${told.labels[b]}${allowed.length && out.has(b) ? " (ruled out)" : ""}`
  return { title: `${name}: ${words}${close}`, crossings }
}

// Title of the bars: the largest part of the cheapest option's, and the largest line in it.
export function partsTitle({ model, told, order, usdOf }) {
  const [best] = order, { groups, lines } = model.options[best], by = (a, b) => b[1] - a[1]
  const found = Object.entries(groups).map(([group, node]) => [group, model.read(node)]).sort(by)
  if (!found.length) return `${told.labels[best]}: no cost at all`
  const [group, whole] = found[0], tell = value => usd(value, told.money)
  const within = Object.entries(lines).filter(([line]) => told.lines[line].group === group)
    .map(([line, node]) => [line, model.read(node).reduce((sum, part) => sum + part, 0)]).sort(by)
  const [line, most] = within[0], more = most < whole * (1 - 1e-12) ? `, ${tell(most)} of it to ${lowered(told.lines[line].label)}` : ""
  return `${told.labels[best]}: ${tell(whole)} of ${tell(usdOf[best])} goes to ${lowered(group)}${more}`
}

// Title of the chart against volume, and the crossings that it names; `crossings` are all, the lower first.
export function volumeTitle({ told, usdOf }, [a, b], crossings) {
  const [one, other] = [told.labels[a], told.labels[b]], at = crossing => compact(crossing.at)
  if (!crossings.length) {
    return { title: `${other}: ${usdOf[b] < usdOf[a] ? `cheaper than ${one} at every volume` : `at no volume cheaper than ${one}`}`, named: [] }
  }
  const [first, last] = [crossings[0], crossings.at(-1)], wins = crossings.filter(({ cheaper }) => cheaper === b)
  let words, named = [last]
  if (!wins.length) words = `up to ${at(last)} requests a month`
  else if (last.cheaper !== b) [words, named] = [`from ${at(wins[0])} to ${at(last)} requests a month`, [wins[0], last]]
  else {
    words = `from ${at(last)} requests a month on`
    if (wins[0] !== last) [words, named] = [`${words}, in places from ${at(wins[0])}`, [wins[0], last]]
    if (first.cheaper !== b) [words, named] = [`${words}, and up to ${at(first)}`, [first, ...named]]
  }
  return { title: `${other}: cheaper than ${one} ${words}`, named }
}

// Volumes at which two options cost the same: found on a grid, then halved.
export function crossingsByVolume(model, path, grid, [a, b]) {
  const saving = value => along(model, [path], [value], each => {
    const [usdA, usdB] = [a, b].map(slug => each.read(each.options[slug].cost)), difference = usdA - usdB
    return Math.abs(difference) <= 1e-9 * Math.max(Math.abs(usdA), Math.abs(usdB)) ? 0 : difference
  })[0]
  const known = grid.map(value => [value, saving(value)]).filter(([, difference]) => difference)
  return known.slice(1).flatMap(([to, after], i) => {
    const [from, before] = known[i]
    if (before * after > 0) return []
    let [near, far] = [from, to]
    for (let n = 0; n < 40; n++) {
      const middle = (near + far) / 2
      if (saving(middle) * after > 0) far = middle; else near = middle
    }
    return [{ at: far, cheaper: after > 0 ? b : a }]
  })
}
