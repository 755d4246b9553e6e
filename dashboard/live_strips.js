// Below each lever of the sidebar: who is the cheapest along it, and where that changes, as properties that style.css
// shows. They stand in rules of style, since the nodes are React's, and while something moves on the nodes themselves: a
// sheet that changes costs a frame. What readers named is a quoted text in them.

import { compact, ledBy, turnSays, turnsOf, usd } from "./engine.js"

const quoted = text => `"${text.replace(/["\\\n\r\f<]/g, letter => `\\${letter.codePointAt(0).toString(16)} `)}"`
const known = new Map() // path -> properties of its lever
const leverOf = path => `.st-key-lever_of-${path.replace(/[^a-zA-Z0-9_-]/g, "-")}`
let asked = "", tasks = [], latest, sheet, waiting = 0

// What the worker is asked for them; the same tasks as before as long as the levers are.
export function stripTasks(told, model) {
  latest = { told, model }
  const text = JSON.stringify([told.program, told.strips, told.labels, told.money])
  if (text === asked) return tasks
  asked = text
  known.clear()
  tasks = told.strips.map(row => ({ row, done: leads => show(row, leads) }))
  return tasks
}

// Where a value lies on the slider, whose steps are evenly apart: 0 to 1.
function along01(steps, value) {
  const after = Math.max(1, steps.findIndex(step => step >= value)), [low, high] = [steps[after - 1], steps[after]]
  return (after - 1 + (high > low ? (value - low) / (high - low) : 0)) / (steps.length - 1)
}

function show(row, leads) {
  const { told, model } = latest, today = model.get(row.path)
  const steps = told.levers.find(({ paths }) => paths[0] === row.path)?.steps
  if (!steps) return
  const tell = { amount: value => usd(value, told.money), count: compact }
  const place = value => `${(100 * along01(steps, value)).toFixed(2)}%`
  const stops = leads.map(({ low, high, cheapest }) => `${told.colours[cheapest]} ${place(low)} ${place(high)}`)
  const label = slug => told.labels[slug]
  const words = turnsOf(leads, today).map(turn => turnSays(turn, row.kind, tell, told).join(""))
  const properties = { "--leads": `linear-gradient(to right, ${stops.join(", ")})`,
    "--says": quoted(words.join("; ") || `${ledBy(leads, label)} all along`) }
  known.set(row.path, properties)
  const lever = document.querySelector(leverOf(row.path)), moving = document.body.dataset.moving
  for (const [name, value] of Object.entries(properties)) lever?.style.setProperty(name, moving ? value : null)
  if (!moving) waiting ||= requestAnimationFrame(write)
}

// Nobody will say who leads now: what held before goes.
export function forget() {
  known.clear()
  write()
  document.body.removeAttribute("data-behind")
}

function write() {
  waiting = 0
  sheet ??= document.head.appendChild(Object.assign(document.createElement("style"), { id: "lever-strips" }))
  const rules = [...known].map(([path, properties]) =>
    `${leverOf(path)} { ${Object.entries(properties).map(([name, value]) => `${name}: ${value}`).join("; ")} }`).join("\n")
  if (sheet.textContent !== rules) sheet.textContent = rules
}
