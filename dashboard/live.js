// Follows the levers of the sidebar. Streamlit moves its sliders while they are dragged and tells the server on release;
// here each position is worked out and shown at once, and gives way to the server's figures when these arrive.

const shown = new Map() // what was written over, by node
let told, model, observer
const placed = () => model.places.map(place => told.values[place])
const answer = () => document.querySelector('[data-tells="verdict"]')
const inputOf = key => document.querySelector(`.st-key-${key.replace(/[^a-zA-Z0-9_-]/g, "-")} input[type=range]`)

// [paths, value] of each lever that stands elsewhere than the server knows.
function moved() {
  return told.levers.flatMap(({ key, paths, steps, at }) => {
    const input = inputOf(key)
    const is = input && Number(input.max) === steps.length - 1 && Number(input.value) !== at
    return is ? [[paths, steps[input.value]]] : []
  })
}

function follow() {
  const now = moved()
  document.body.toggleAttribute("data-moving", now.length > 0 && Boolean(answer() ?? chartOf("cumulative")))
  model.reset(placed())
  for (const [paths, value] of now) model.set(Object.fromEntries(paths.map(path => [path, value])))
  if (now.length) show()
  return now.length > 0
}

function show() {
  const differing = differences(model, told.money)
  for (const tile of document.querySelectorAll(".tile[data-option]")) {
    const { cost, levelized } = model.options[tile.dataset.option]
    const part = name => tile.querySelector(`[data-tells=${name}]`)
    written(part("cost"), "textContent", usd(model.read(cost), told.money), shown)
    written(part("levelized"), "textContent", usd(model.read(levelized), told.money), shown)
    written(part("difference"), "textContent", differing[tile.dataset.option], shown)
  }
  if (answer()) written(answer(), "textContent", headline(model, told).replaceAll(" %", "\u00a0%"), shown)
  curvesMoved(model, told, shown)
  barsMoved(model, told, shown)
}

async function load() {
  const { program } = told, response = await fetch(program).catch(() => undefined)
  if (response?.status !== 200) return // the page works without
  const printed = await response.json()
  if (program !== told.program) return
  model = new Model(printed, printed.places.map(place => told.values[place]))
  model.places = printed.places
  model.program = program
  for (const option of Object.values(model.options)) model.read(option.cost)
  follow()
}

// The script has run: where its values are as before, so is what is on screen; else what is shown holds until all of it
// has arrived, and is what arrives.
function arrived(before) {
  if (model?.program !== told.program) {
    model = undefined
    requestIdleCallback(load, { timeout: 2000 })
  } else if (!follow()) {
    if (String(before.values) === String(told.values)) undone(shown)
    else if (shown.size) show()
  }
}

function watch() {
  observer = new MutationObserver(changes => {
    if (model && changes.some(({ target }) => target.type === "range") && !follow()) undone(shown)
  })
  observer.observe(document.body, { subtree: true, attributeFilter: ["value"] })
  document.addEventListener("redraw", ({ target }) => undone(shown, target))
}

export default function ({ data, parentElement }) {
  const before = told
  told = JSON.parse(new TextDecoder().decode(data))
  if (!observer) watch()
  arrived(before)
  requestIdleCallback(() => stripsArrived(told), { timeout: 4000 })
  return () => {
    if (parentElement.isConnected) return
    observer?.disconnect()
    observer = undefined
  }
}
