// The strip on a page of Streamlit: while a handle is dragged the whole page follows it, and while anything is moved its
// rows follow; let go of, a handle asks the server.

import { Strip, compact, usd, writeWith } from "./engine.js"
import { hold, join } from "./live.js"

const PATIENCE = 350 // milliseconds without another key, after which the server is asked
const places = new WeakMap()

class Place {
  tasks = []
  #node; #told; #text; #release; #strip; #waiting; #ends; #model; #followed = false

  constructor(node) {
    this.#node = node
    this.leave = join(this)
  }

  // What the server says: it stands in place of all that was worked out here.
  arrive(text, release) {
    this.#release = release
    if (text === this.#text) return
    this.#text = text
    const told = (this.#told = JSON.parse(text))
    writeWith(told.money.marks)
    const ends = JSON.stringify([told.rows.map(({ path, low, high }) => [path, low, high]), told.options, told.money])
    if (ends !== this.#ends) {
      const tell = { amount: value => usd(value, this.#told.money), count: compact }
      this.#strip = new Strip(this.#node, told.rows, told, tell, (row, value) => this.#move(row, value),
        (row, value) => this.#let(row, value))
      this.tasks = told.rows.map(row => ({ row, done: leads => this.#strip.show(row.path, this.#model.get(row.path), leads) }))
      this.#ends = ends
    }
    for (const { path, today, leads } of told.rows) this.#strip.show(path, today, leads)
  }

  follow(model, moving) {
    this.#model = model
    this.#node.dataset.ready = ""
    if (moving) for (const { path } of this.#told.rows) if (model.has(path)) this.#strip.show(path, model.get(path))
    if (this.#followed && !moving) for (const { path, today, leads } of this.#told.rows) this.#strip.show(path, today, leads)
    this.#followed = moving
  }

  #move(row, value) {
    clearTimeout(this.#waiting)
    this.#strip.show(row.path, value)
    hold([row.path, ...row.also], value)
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
