// Below each lever of the sidebar: who is the cheapest along it, and where that changes, worked out in a worker. Written
// as rules of style, since the nodes are React's; what readers named is a quoted text in them.

const strips = { program: "", rows: "", values: "", leads: new Map(), asked: 0, worker: undefined, sheet: undefined }
const quoted = text => `"${text.replace(/["\\\n\r\f<]/g, letter => `\\${letter.codePointAt(0).toString(16)} `)}"`

async function stripsArrived(told) {
  const rows = JSON.stringify(told.strips), values = String(told.values), isNew = strips.program !== told.program
  if (!isNew && rows === strips.rows && values === strips.values) return
  Object.assign(strips, { program: told.program, rows, values })
  if (isNew) {
    strips.printed = undefined
    const response = await fetch(told.program).catch(() => undefined)
    if (response?.status !== 200 || strips.program !== told.program) return
    strips.printed = await response.json()
  }
  if (!strips.printed) return // levers work without
  strips.worker ??= new Worker(URL.createObjectURL(new Blob([LEVER_WORKER], { type: "text/javascript" })))
  strips.worker.onmessage = ({ data }) => {
    if (data.leads) strips.leads.set(data.path, data.leads)
    if (data.answered === strips.asked) stripsShown(told)
  }
  const { printed } = strips, placed = printed.places.map(place => told.values[place])
  strips.leads.clear()
  strips.worker.postMessage({ told: { program: printed, values: placed, rows: told.strips }, values: placed, asked: (strips.asked += 1) })
}

// Where a value lies on the slider, whose steps are evenly apart: 0 to 1.
function along01(steps, value) {
  const after = Math.max(1, steps.findIndex(step => step >= value)), [low, high] = [steps[after - 1], steps[after]]
  return (after - 1 + (high > low ? (value - low) / (high - low) : 0)) / (steps.length - 1)
}

function stripsShown(told) {
  const tell = { amount: value => usd(value, told.money), count: compact }
  const rules = told.strips.filter(({ path }) => strips.leads.has(path)).map(row => {
    const leads = strips.leads.get(row.path), steps = told.levers.find(({ paths }) => paths[0] === row.path)?.steps
    if (!steps) return ""
    const place = value => `${(100 * along01(steps, value)).toFixed(2)}%`
    const stops = leads.map(({ low, high, cheapest }) => `${told.colours[cheapest]} ${place(low)} ${place(high)}`)
    const words = turnsOf(leads, row.today).map(({ at, side, option }) =>
      `${side} ${shortValue(Number(at.toPrecision(3)), row.kind, tell)}: ${told.labels[option]}`)
    const lever = `.st-key-lever_of-${row.path.replace(/[^a-zA-Z0-9_-]/g, "-")}`
    return `${lever} [data-testid="stSlider"] { padding-bottom: 9px; background: linear-gradient(to right, ${stops.join(", ")})
      5px bottom / calc(100% - 10px) 4px no-repeat; }
      ${lever}::after { content: ${quoted(words.join("; ") || `${told.labels[leads[0].cheapest]} all along`)}; font-size: 0.8rem; line-height: 1.35; color: light-dark(#565d66, #aab1b9); }`
  })
  strips.sheet ??= document.head.appendChild(Object.assign(document.createElement("style"), { id: "lever-strips" }))
  strips.sheet.textContent = rules.join("\n")
}
