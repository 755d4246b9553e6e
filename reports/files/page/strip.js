// The strip of switching values: a row for each assumption, coloured by who is the cheapest along it, with today's value
// as a handle. Rows are { path, also, label, kind, low, high, log, likely }, as reports/files/page/told.py tells them. No imports.

const PLACES = 400 // of a handle
const STRIP_STEPS = 40, HALVINGS = 30, SAME_PLACE = 1e-8

// Where a value lies between the ends of a row, 0 to 1, and the other way round.
export function shareOf({ low, high, log }, value) {
  const share = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
  return Math.min(1, Math.max(0, share))
}

export function valueAt({ low, high, log }, share) {
  if (share <= 0 || share >= 1) return share <= 0 ? low : high
  return Number((log ? low * (high / low) ** share : low + (high - low) * share).toPrecision(3))
}

// A number of the model, short: 25 %, $148k, 1.20B; `tell` has the words for amounts.
export function shortValue(value, kind, tell) {
  const inFull = (number, digits) => marked(Number(number.toPrecision(digits)).toLocaleString("en-US", { maximumFractionDigits: 15 }))
    .replace("-", "\u2212")
  if (kind === "share") return `${inFull(value * 100, 3)} %`
  if (kind === "money") return tell.amount(value)
  return Math.abs(value) >= 1e4 ? tell.count(value) : inFull(value, Number(value.toPrecision(6)) === value ? 6 : 4)
}

// The same where the last digits mean nothing; of amounts its words show as few.
export function roughly(value, kind, tell) {
  return shortValue(kind === "money" ? value : Number(value.toPrecision(3)), kind, tell)
}

// The cheapest option as the verdict has it, of those that keep the rules, or of all where none does; what each costs, and
// the rule that it breaks.
function leading(model) {
  const usd = costs(model), slugs = Object.keys(usd)
  const broken = Object.fromEntries(slugs.map(slug => [slug, brokenRule(model, slug)]))
  const allowed = slugs.filter(slug => !broken[slug]), contend = allowed.length ? allowed : slugs
  const least = Math.min(...contend.map(slug => usd[slug]))
  return { usd, broken, leader: contend.find(slug => usd[slug] <= least + 1e-9 * Math.abs(least)), kept: allowed.length > 0 }
}

const same = (one, other) => one.leader === other.leader && one.kept === other.kept

// The first value after `near` at which its leader no longer leads, what leads there and what just before. Where straight lines between the costs of the two
// leaders would meet is tried first, and every third time the middle, since whole servers make steps and rules edges.
function turn(lead, near, far, before, after) {
  let weight = 1 // of the cost at an end that stays: both must close in
  for (let n = 1; n <= HALVINGS && far - near > SAME_PLACE * Math.abs(far); n++) {
    const [low, high] = [before, after].map(({ usd }) => usd[before.leader] - usd[after.leader])
    const meet = near + (far - near) * (low / (low - high * weight))
    const at = n % 3 && meet > near && meet < far ? meet : (near + far) / 2, found = lead(at)
    if (same(found, before)) [near, before, weight] = [at, found, weight / 2]
    else [far, after, weight] = [at, found, Math.max(1, weight) * 2]
  }
  return [far, after, before]
}

// Who leads from where to where along a row, whether it keeps the rules or no option does, and which it breaks beyond each
// end: [{ low, high, cheapest, kept, below, above }], next to each other.
export function leadsAlong(model, row) {
  const paths = [row.path, ...row.also], today = model.get(row.path), slugs = Object.keys(model.options)
  const lead = value => along(model, paths, [value], leading)[0]
  const inner = Array.from({ length: STRIP_STEPS - 1 }, (_, i) => (i + 1) / STRIP_STEPS)
    .map(share => (row.log ? row.low * (row.high / row.low) ** share : row.low + (row.high - row.low) * share))
  const grid = [row.low, ...inner, row.high, ...(today > row.low && today < row.high ? [today] : [])].sort((a, b) => a - b)
  const there = along(model, paths, grid, leading), found = []
  let low = row.low, below = ""
  for (let i = 1; i < grid.length; i++) {
    let near = grid[i - 1], now = there[i - 1]
    for (let n = 0; n < slugs.length && !same(now, there[i]); n++) { // between two values several may lead in turn
      const [high, after, before] = turn(lead, near, grid[i], now, there[i]), above = now.kept ? after.broken[now.leader] : ""
      found.push({ low, high, cheapest: now.leader, kept: now.kept, below, above })
      low = near = high
      below = after.kept ? before.broken[after.leader] : ""
      now = after
    }
  }
  return [...found, { low, high: row.high, cheapest: there.at(-1).leader, kept: there.at(-1).kept, below, above: "" }]
}

const leaderOf = ({ cheapest, kept }) => kept ? cheapest : ""

// The switching values next to a value: [{ at, side, rule, beyond }], the lower first; `beyond` are the leads on that side
// from the first on that has another leader, and `rule` is what the leader of today breaks there.
export function turnsOf(leads, value) {
  const found = leads.findIndex(({ high }) => value <= high), here = found < 0 ? leads.length - 1 : found, now = leads[here]
  const beyond = side => {
    const first = side.findIndex(lead => leaderOf(lead) !== leaderOf(now))
    return first < 0 ? [] : side.slice(first)
  }
  const below = beyond(leads.slice(0, here).reverse()), above = beyond(leads.slice(here + 1))
  return [below.length && { at: below[0].high, side: "below", rule: now.below, beyond: below },
          above.length && { at: above[0].low, side: "above", rule: now.above, beyond: above }].filter(Boolean)
}

// Whom leads name, one after the other, by what the options are called.
export function ledBy(leads, label) {
  const leaders = leads.map(leaderOf).filter((leader, i, all) => !i || leader !== all[i - 1])
  const [first, ...then] = leaders.map(leader => leader ? label(leader) : "no option keeps the rules")
  const more = then.length > 1 ? `${new Set([first, ...then]).size > 2 ? " and others" : ""} in turn` : ""
  return `${first}${then.length ? `, then ${then[0]}` : ""}${more}`
}

// A switching value in three parts: on which side of it, where it is, why and who leads beyond. `words` are told.py's.
export function turnSays({ at, side, rule, beyond }, kind, tell, words) {
  const why = rule ? ` (${words.broken[rule]})` : ""
  return [`${side} `, roughly(at, kind, tell), `${why}: ${ledBy(beyond, slug => words.labels[slug])}`]
}

function part(tag, name, ...children) {
  const node = document.createElement(tag)
  if (name) node.className = name
  node.append(...children)
  return node
}

function drawn(tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  return node
}

const percentOf = share => `${(100 * share).toFixed(3)}%`

// The rows on a page. `told` has options, { slug: { c } }, and the words of told.py, `tell` the words for amounts;
// `moved(row, value)` is called while a handle is dragged, `released(row, value)` when it is let go.
export class Strip {
  #rows = new Map(); #told; #tell

  constructor(node, rows, told, tell, moved, released) {
    this.#told = told
    this.#tell = tell
    node.replaceChildren(...rows.map(row => this.#row(row, moved, released)))
  }

  // Shows the value of a row and, where they are known, who leads along it.
  show(path, value, leads) {
    const known = this.#rows.get(path), { row, bar, handle, now, says } = known
    if (leads) known.leads = leads
    known.value = value
    const told = shortValue(value, row.kind, this.#tell), place = percentOf(shareOf(row, value))
    if (handle !== document.activeElement || !known.held) handle.value = Math.round(shareOf(row, value) * PLACES)
    handle.setAttribute("aria-valuetext", told)
    now.textContent = told
    now.setAttribute("x", place)
    if (known.leads) this.#paint(known, bar, says)
  }

  #row(row, moved, released) {
    const bar = drawn("g", {}), now = drawn("text", { class: "now", y: "0.85em", "text-anchor": "middle" })
    const picture = drawn("svg", { class: "bar", width: "100%", height: "4.2em", "aria-hidden": "true" })
    picture.append(bar, now)
    const handle = part("input"), says = part("p", "says")
    Object.assign(handle, { type: "range", min: 0, max: PLACES, step: 1, disabled: Boolean(row.fixed) })
    handle.setAttribute("aria-label", row.label)
    const known = { row, bar, handle, now, says, leads: null, held: false }
    this.#rows.set(row.path, known)
    handle.addEventListener("input", () => {
      known.held = true
      moved(row, valueAt(row, handle.value / PLACES))
    })
    handle.addEventListener("change", () => {
      known.held = false
      released(row, valueAt(row, handle.value / PLACES))
    })
    return part("div", "row", part("p", "label", row.label), part("div", "track", picture, handle), says)
  }

  #paint({ row, leads, value }, bar, says) {
    const box = (name, from, to, y, height) =>
      drawn("rect", { class: name, x: percentOf(from), width: percentOf(Math.max(0, to - from)), y, height })
    const found = leads.flatMap(({ low, high, cheapest }) => {
      const [from, to, { c }] = [shareOf(row, low), shareOf(row, high), this.#told.options[cheapest]]
      return [box(`pale ${c}`, from, to, "1.4em", "1.25em"), box(`full ${c}`, from, to, "2.42em", "0.23em")]
    })
    found.push(box("likely", shareOf(row, row.likely[0]), shareOf(row, row.likely[1]), "2.9em", "0.12em"))
    const turns = turnsOf(leads, value), words = []
    for (const turn of turns) {
      const x = percentOf(shareOf(row, turn.at)), [side, told, led] = turnSays(turn, row.kind, this.#tell, this.#told)
      const lettered = drawn("text", { class: "turn", x, y: "4em", "text-anchor": "middle" })
      lettered.textContent = told
      found.push(drawn("line", { class: "edge", x1: x, x2: x, y1: "1.15em", y2: "3.05em" }), lettered)
      words.push(part("span", "", side, part("b", "", told), led))
    }
    const ends = [row.low, row.high].map(end => roughly(end, row.kind, this.#tell))
    bar.replaceChildren(...found)
    says.replaceChildren(...(words.length ? words : [`the same from ${ends[0]} to ${ends[1]}`]))
  }
}
