// The interpreter of a program that reports/program/printed.py prints: the engine's operations on typed arrays.
// What is moved makes stale what depends on it; what is read is worked out anew as far as it is stale. No imports, so
// that it runs as a module, inline in a page and in a worker alike.

// On each value, of months or of single numbers, whose step is 0: a loop in each, so that the browser makes a tight one of
// every operation; one loop around a switch takes twice as long.
const ELEMENTWISE = {
  add: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] + y[t * j] },
  subtract: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] - y[t * j] },
  multiply: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] * y[t * j] },
  divide: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] / y[t * j] },
  power: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] ** y[t * j] },
  remainder: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = remainder(x[t * i], y[t * j]) },
  negative: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = -x[t * i] },
  absolute: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = Math.abs(x[t * i]) },
  ceil: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = Math.ceil(x[t * i]) },
  floor: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = Math.floor(x[t * i]) },
  sqrt: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = Math.sqrt(x[t * i]) },
  exp: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = Math.exp(x[t * i]) },
  log: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = Math.log(x[t * i]) },
  minimum: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = Math.min(x[t * i], y[t * j]) },
  maximum: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = Math.max(x[t * i], y[t * j]) },
  greater: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] > y[t * j] ? 1 : 0 },
  greater_equal: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] >= y[t * j] ? 1 : 0 },
  less: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] < y[t * j] ? 1 : 0 },
  less_equal: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] <= y[t * j] ? 1 : 0 },
  equal: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] === y[t * j] ? 1 : 0 },
  not_equal: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] !== y[t * j] ? 1 : 0 },
  and: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] && y[t * j] ? 1 : 0 },
  or: (to, i, x, j, y) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] || y[t * j] ? 1 : 0 },
  not: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] ? 0 : 1 },
  as_number: (to, i, x) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] },
  where: (to, i, x, j, y, k, z) => { for (let t = 0; t < to.length; t++) to[t] = x[t * i] ? y[t * j] : z[t * k] },
}

function remainder(x, y) { // has the sign of what is divided by
  const rest = x % y
  return rest && rest < 0 !== y < 0 ? rest + y : rest
}

// From rows of months, or single numbers, to one; with the fixed terms of the node.
const running = join => (to, [from]) => { for (let t = 0; t < to.length; t++) to[t] = t ? join(to[t - 1], from[t]) : from[t] }
const reduced = join => (to, [from]) => { to[0] = from.reduce((x, y) => join(x, y)) }
const sum = (x, y) => x + y
const ON_ROWS = {
  months: to => to.forEach((_, t) => { to[t] = t }),
  constants: (to, _, values) => to.set(values),
  spread: (to, [value]) => to.fill(value[0]),
  choose: (to, values, turns) => turns.forEach((turn, t) => { to[t] = values[turn][0] }),
  look: (to, [from], columns) => columns.forEach((column, t) => { to[t] = from[column] }),
  lag: (to, [from], [months]) => to.forEach((_, t) => { to[t] = from[t - months] ?? 0 }),
  prefix_sum: running(sum),
  prefix_max: running(Math.max),
  prefix_min: running(Math.min),
  window: (to, [from], [first, last]) => {
    const sums = new Float64Array(to.length) // whose differences are exactly nothing where nothing was added
    ON_ROWS.prefix_sum(sums, [from])
    to.forEach((_, t) => { to[t] = (sums[t - first] ?? 0) - (sums[t - last - 1] ?? 0) })
  },
  sum: reduced(sum),
  max: reduced(Math.max),
  min: reduced(Math.min),
  pick: (to, [from], [column]) => { to[0] = from[column] },
}
const SINGLE = ["sum", "max", "min", "pick"]
const ARGUMENTS = { months: 0, constants: 0 } // of those on rows; else one, and `choose` has all but a term for each column

export class Model {
  #inputs; #nodes; #users; #stale

  // `program` is what was printed, `values` those of its inputs in their order.
  constructor({ columns, inputs, numbers, verbs, nodes, options }, values) {
    this.options = options
    this.#inputs = new Map(inputs.map((path, node) => [path, node]))
    this.#nodes = [...values, ...numbers].map(number => ({ to: Float64Array.of(number), args: [] }))
    for (const [verb, ...rest] of nodes) this.#nodes.push(this.#node(verbs[verb], rest, columns))
    this.#users = this.#nodes.map(() => [])
    this.#nodes.forEach(({ args }, node) => args.forEach(arg => this.#users[arg].push(node)))
    this.#stale = this.#nodes.map(({ work }) => Boolean(work))
  }

  has(path) { return this.#inputs.has(path) }

  get(path) { return this.#nodes[this.#inputs.get(path)].to[0] }

  // Gives paths their values; of those that the program fixes or does not need nothing happens.
  set(changes) {
    for (const [path, value] of Object.entries(changes)) {
      const node = this.#inputs.get(path)
      if (node !== undefined) this.#put(node, value)
    }
  }

  reset(values) { values.forEach((value, node) => this.#put(node, value)) }

  // The number that a node is, or its months, as they stand until something is moved and read anew.
  read(node) {
    this.#refresh(node)
    const { to } = this.#nodes[node]
    return to.length > 1 ? to : to[0]
  }

  #node(verb, rest, columns) {
    const alike = ELEMENTWISE[verb]
    if (!alike && !ON_ROWS[verb]) throw new Error(`The program asks for ${verb}, which its interpreter does not know.`)
    const count = alike ? rest.length : (ARGUMENTS[verb] ?? (verb === "choose" ? rest.length - columns : 1))
    const args = rest.slice(0, count), terms = rest.slice(count)
    const from = args.map(arg => this.#nodes[arg].to)
    const single = alike ? from.every(({ length }) => length === 1) : SINGLE.includes(verb)
    const to = new Float64Array(single ? 1 : columns)
    return { args, to, work: alike ? each(alike, to, from) : () => ON_ROWS[verb](to, from, terms) }
  }

  #put(node, value) {
    const { to } = this.#nodes[node]
    if (to[0] === value) return
    to[0] = value
    this.#spoil(node)
  }

  #spoil(node) {
    for (const user of this.#users[node]) {
      if (this.#stale[user]) continue // and so is all that depends on it
      this.#stale[user] = true
      this.#spoil(user)
    }
  }

  #refresh(node) {
    if (!this.#stale[node]) return
    const { args, work } = this.#nodes[node]
    for (const arg of args) this.#refresh(arg)
    work()
    this.#stale[node] = false
  }
}

function each(alike, to, [x, y, z]) {
  const [i, j, k] = [x, y, z].map(values => (values?.length > 1 ? 1 : 0))
  return () => alike(to, i, x, j, y, k, z)
}
