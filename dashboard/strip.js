// The strip on a page of Streamlit: while a handle is dragged, headline and rows follow it; let go of, it asks the server.

const PATIENCE = 350 // milliseconds without another key, after which the server is asked
const places = new WeakMap()

class Place {
  #node; #told; #text; #release; #strip; #model; #program; #worker; #waiting; #ends; #inputs; #asked = 0

  constructor(node) { this.#node = node }

  // What the server says: it stands in place of all that was worked out here.
  arrive(text, release) {
    this.#release = release
    if (text === this.#text) return
    this.#text = text
    const told = (this.#told = JSON.parse(text))
    const ends = JSON.stringify([told.rows.map(({ path, low, high }) => [path, low, high]), told.options, told.money])
    if (ends !== this.#ends) {
      const tell = { amount: value => usd(value, this.#told.money), count: compact }
      this.#strip = new Strip(this.#node, told.rows, told.options, tell, (row, value) => this.#move(row, value),
        (row, value) => this.#let(row, value))
      this.#ends = ends
    }
    for (const { path, today, leads } of told.rows) this.#strip.show(path, today, leads)
    if (this.#program !== told.program) this.#load()
    else this.#model?.reset(this.#values())
  }

  leave() {
    this.#worker?.terminate()
    clearTimeout(this.#waiting)
  }

  #values() { return this.#model.places.map(place => this.#told.values[place]) }

  async #load() {
    const { program } = this.#told
    this.#program = program
    this.#model = undefined
    delete this.#node.dataset.ready
    this.#worker?.terminate()
    const response = await fetch(program)
    if (!response.ok || program !== this.#told.program) return // without it, rows follow once the server answers
    const printed = await response.json(), values = printed.places.map(place => this.#told.values[place])
    this.#model = Object.assign(new Model(printed, values), { places: printed.places })
    this.#inputs = printed.inputs
    const { rows, options } = this.#told
    this.#worker = new Worker(URL.createObjectURL(new Blob([WORKER], { type: "text/javascript" })))
    this.#worker.onmessage = ({ data }) => {
      if (data.leads) this.#strip.show(data.path, this.#model.get(data.path), data.leads)
      if (data.answered === this.#asked) delete this.#node.dataset.following
    }
    this.#worker.postMessage({ told: { program: printed, values, rows, options } })
    this.#node.dataset.ready = ""
  }

  #move(row, value) {
    clearTimeout(this.#waiting)
    const model = this.#model
    if (!model?.has(row.path)) return this.#strip.show(row.path, value)
    model.set(Object.fromEntries([row.path, ...row.also].map(path => [path, value])))
    this.#strip.show(row.path, value)
    const answer = document.querySelector('[data-tells="verdict"]')
    if (answer) answer.textContent = headline(model, this.#told).replaceAll(" %", "\u00a0%")
    this.#node.dataset.following = ""
    this.#worker?.postMessage({ asked: (this.#asked += 1), values: this.#inputs.map(path => model.get(path)) })
  }

  #let(row, value) {
    this.#move(row, value)
    this.#waiting = setTimeout(() => this.#release("released", { path: row.path, value }), PATIENCE)
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const node = parentElement.querySelector(".strip")
  const place = places.get(node) ?? places.set(node, new Place(node)).get(node)
  place.arrive(new TextDecoder().decode(data), setTriggerValue)
  return () => { if (!node.isConnected) place.leave() }
}
