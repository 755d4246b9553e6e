// Below each lever of the sidebar: who is the cheapest along it, and where that changes. Written as rules of style, since
// the nodes are React's; what readers named is a quoted text in them.

import { compact, shortValue, turnsOf, usd } from "./engine.js"

const quoted = text => `"${text.replace(/["\\\n\r\f<]/g, letter => `\\${letter.codePointAt(0).toString(16)} `)}"`
const rules = new Map() // path -> its rules
let known = "", tasks = [], latest, sheet, waiting = 0

// What the worker is asked for them; the same tasks as before as long as the levers are.
export function stripTasks(told, model) {
  latest = { told, model }
  const text = JSON.stringify([told.program, told.strips, told.labels, told.money])
  if (text === known) return tasks
  known = text
  rules.clear()
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
  const words = turnsOf(leads, today).map(({ at, side, option }) =>
    `${side} ${shortValue(Number(at.toPrecision(3)), row.kind, tell)}: ${told.labels[option]}`)
  const lever = `.st-key-lever_of-${row.path.replace(/[^a-zA-Z0-9_-]/g, "-")}`
  rules.set(row.path, `${lever} [data-testid="stSlider"] { padding-bottom: 9px; background: linear-gradient(to right, ${stops.join(", ")})
    5px bottom / calc(100% - 10px) 4px no-repeat; }
    ${lever}::after { content: ${quoted(words.join("; ") || `${told.labels[leads[0].cheapest]} all along`)}; font-size: 0.8rem; line-height: 1.35; color: light-dark(#565d66, #aab1b9); }`)
  waiting ||= requestAnimationFrame(() => {
    waiting = 0
    sheet ??= document.head.appendChild(Object.assign(document.createElement("style"), { id: "lever-strips" }))
    const text = [...rules.values()].join("\n")
    if (sheet.textContent !== text) sheet.textContent = text
  })
}
