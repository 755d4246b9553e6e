// Follows the levers of the sidebar. Streamlit moves its sliders while they are dragged and tells the server on release;
// here each position is worked out and shown at once, and gives way to the server's figures when these arrive.

const shown = new Map() // what was written over, by node
const RULED_OUT = "ruled out" // and why, which is the server's to say
let told, model, wanted, observer, frame = 0
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
  const differing = differences(model, told.money), leading = leaders(model)
  for (const tile of document.querySelectorAll(".tile[data-option]")) {
    const { cost, levelized } = model.options[tile.dataset.option]
    const part = name => tile.querySelector(`[data-tells=${name}]`), difference = part("difference")
    const said = shown.get(difference)?.textContent ?? difference.textContent, now = differing[tile.dataset.option]
    written(part("cost"), "textContent", usd(model.read(cost), told.money), shown)
    written(part("levelized"), "textContent", usd(model.read(levelized), told.money), shown)
    written(difference, "textContent", said.startsWith(RULED_OUT) && now === RULED_OUT ? said : now, shown)
    written(tile, "class", leading.includes(tile.dataset.option) ? "tile best" : "tile", shown)
  }
  if (answer()) written(answer(), "textContent", headline(model, told).replaceAll(" %", "\u00a0%"), shown)
  curvesMoved(model, told, shown)
  barsMoved(model, told, shown)
}

async function load() {
  const program = wanted, response = await fetch(program).catch(() => undefined)
  if (response?.status !== 200) return // the page works without
  const printed = await response.json()
  if (program !== told.program) return
  model = new Model(printed, printed.places.map(place => told.values[place]))
  Object.assign(model, { program, places: printed.places })
  headline(model, told)
  follow()
}

// The program waits for the first screen: printing it takes the server a tenth of a second.
function whenIdle() {
  const app = document.querySelector('[data-testid="stApp"]')
  if (app?.dataset.testScriptState === "running") setTimeout(whenIdle, 200)
  else requestIdleCallback(load, { timeout: 2000 })
}

// The script has run. Where its values are as before, so is what it tells, and what was written over comes back; else
// what is shown is what arrives, perhaps has arrived already.
function arrived(before) {
  if (model?.program !== told.program) {
    model = undefined
    if (wanted !== told.program) whenIdle()
    wanted = told.program
  } else if (!follow() && String(before.values) === String(told.values)) undone(shown)
}

// In the frame that shows the slider, after Streamlit has told the server of it.
function watch() {
  observer = new MutationObserver(changes => {
    if (frame || !model || !changes.some(({ target }) => target.type === "range")) return
    frame = requestAnimationFrame(() => {
      frame = 0
      if (model && !follow()) undone(shown)
    })
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
