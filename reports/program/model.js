// The interpreter of a program that reports/program/printed.py prints: the engine's operations on typed arrays.
// What is moved makes stale what depends on it; what is read is worked out anew as far as it is stale. No imports, so
// that it runs as a module, inline in a page and in a worker alike.

// On each value: a switch within the loop takes half the time of a function for each operation.
const ELEMENTWISE = [
  "add", "subtract", "multiply", "divide", "power", "remainder", "negative", "absolute", "ceil", "floor", "sqrt", "exp",
  "log", "minimum", "maximum", "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "and", "or", "not",
  "as_number", "where",
]

function remainder(x, y) { // has the sign of what is divided by
  const rest = x % y
  return rest && rest < 0 !== y < 0 ? rest + y : rest
}

function elementwise(code, x, y, z) {
  switch (code) {
    case 0: return x + y
    case 1: return x - y
    case 2: return x * y
    case 3: return x / y
    case 4: return x ** y
    case 5: return remainder(x, y)
    case 6: return -x
    case 7: return Math.abs(x)
    case 8: return Math.ceil(x)
    case 9: return Math.floor(x)
    case 10: return Math.sqrt(x)
    case 11: return Math.exp(x)
    case 12: return Math.log(x)
    case 13: return Math.min(x, y)
    case 14: return Math.max(x, y)
    case 15: return x > y ? 1 : 0
    case 16: return x >= y ? 1 : 0
    case 17: return x < y ? 1 : 0
    case 18: return x <= y ? 1 : 0
    case 19: return x === y ? 1 : 0
    case 20: return x !== y ? 1 : 0
    case 21: return x && y ? 1 : 0
    case 22: return x || y ? 1 : 0
    case 23: return x ? 0 : 1
    case 24: return x
    case 25: return x ? y : z
  }
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
  #inputs; #paths; #nodes; #users; #stale

  // `program` is what was printed, `values` those of its inputs in their order.
  constructor({ columns, inputs, numbers, verbs, nodes, options }, values) {
    this.options = options
    this.#paths = inputs
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
      if (node === undefined || this.#nodes[node].to[0] === value) continue
      this.#nodes[node].to[0] = value
      this.#spoil(node)
    }
  }

  reset(values) { this.set(Object.fromEntries(this.#paths.map((path, i) => [path, values[i]]))) }

  // The number that a node is, or its months, as they stand until something is moved and read anew.
  read(node) {
    this.#refresh(node)
    const { to } = this.#nodes[node]
    return to.length > 1 ? to : to[0]
  }

  #node(verb, rest, columns) {
    const code = ELEMENTWISE.indexOf(verb)
    if (code < 0 && !ON_ROWS[verb]) throw new Error(`The program asks for ${verb}, which its interpreter does not know.`)
    const count = code < 0 ? (ARGUMENTS[verb] ?? (verb === "choose" ? rest.length - columns : 1)) : rest.length
    const args = rest.slice(0, count), terms = rest.slice(count)
    const from = args.map(arg => this.#nodes[arg].to)
    const single = code < 0 ? SINGLE.includes(verb) : from.every(({ length }) => length === 1)
    const to = new Float64Array(single ? 1 : columns)
    return { args, to, work: code < 0 ? () => ON_ROWS[verb](to, from, terms) : each(code, to, from) }
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

function each(code, to, from) {
  const [x, y = x, z = x] = from, [dx, dy, dz] = [x, y, z].map(({ length }) => (length > 1 ? 1 : 0))
  return () => { for (let t = 0; t < to.length; t++) to[t] = elementwise(code, x[t * dx], y[t * dy], z[t * dz]) }
}
