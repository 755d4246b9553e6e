// The model of the page: what its levers and handles move is worked out and shown at once, and gives way to the server's
// figures when these arrive. Streamlit moves its sliders while they are dragged and tells the server on release.

import { Model, differences, headline, leaders, typeset, usd, usdEach, writeWith } from "./engine.js"
import { chartsMoved, sweepTasks } from "./live_charts.js"
import { stripTasks } from "./live_strips.js"
import { work } from "./live_work.js"
import { before, undone, written } from "./live_written.js"

const RULED_OUT = "ruled out" // and why, which is the server's to say
const handles = new Map() // of the strip: path -> [paths, value] where it stands elsewhere than the server knows
const followers = new Set() // other elements that follow along: { tasks, follow(model, moving) }
let told, model, wanted, observer, waits = false

const app = () => document.querySelector('[data-testid="stApp"]')
const isRunning = () => ["running", "rerunRequested"].includes(app()?.dataset.testScriptState)
const placed = () => model.places.map(place => told.values[place])
const inputOf = key => document.querySelector(`.st-key-${key.replace(/[^a-zA-Z0-9_-]/g, "-")} input[type=range]`)

// [paths, value] of all that stands elsewhere than the server knows.
function moved() {
  const levers = told.levers.flatMap(({ key, paths, steps, at }) => {
    const input = inputOf(key)
    const is = input && Number(input.max) === steps.length - 1 && Number(input.value) !== at
    return is ? [[paths, steps[input.value]]] : []
  })
  return [...levers, ...handles.values()]
}

// What the model has follows the hand; all else says that it waits for the server, and all does where the program fixes
// what is moved.
function follow() {
  const now = moved(), follows = model && !now.some(([[path]]) => model.fixed.has(path)), { body } = document
  const standing = now.length ? (follows ? "followed" : "asked") : isRunning() ? body.dataset.moving : undefined
  if (body.dataset.moving !== standing) standing ? (body.dataset.moving = standing) : delete body.dataset.moving
  if (!model) return now.length > 0
  model.reset(placed())
  for (const [paths, value] of now) model.set(Object.fromEntries(paths.map(path => [path, value])))
  const moving = now.length > 0 && follows, others = [...followers]
  if (moving) show()
  for (const each of others) each.follow(model, moving)
  work(model, [...stripTasks(told, model), ...(moving ? [...others.flatMap(({ tasks }) => tasks), ...sweepTasks(model, told.money)] : [])])
  return now.length > 0
}

function show() {
  const differing = differences(model, told.money), leading = leaders(model)
  for (const tile of document.querySelectorAll(".tile[data-option]")) {
    const { cost, levelized } = model.options[tile.dataset.option]
    const part = name => tile.querySelector(`[data-tells=${name}]`), difference = part("difference")
    const said = before(difference).textContent ?? difference.textContent, now = typeset(differing[tile.dataset.option])
    written(part("cost"), "textContent", usd(model.read(cost), told.money))
    written(part("levelized"), "textContent", usdEach(model.read(levelized), told.money))
    written(difference, "textContent", said.startsWith(RULED_OUT) && now === RULED_OUT ? said : typeset(now))
    written(tile, "class", leading.includes(tile.dataset.option) ? "tile best" : "tile")
  }
  const answer = document.querySelector('[data-tells="verdict"]')
  if (answer) written(answer, "textContent", typeset(headline(model, told)))
  chartsMoved(model, told.money)
}

async function load() {
  const program = wanted, response = await fetch(program).catch(() => undefined)
  if (response?.status !== 200) return // the page works without
  const printed = await response.json()
  if (program !== told.program) return
  model = new Model(printed, printed.places.map(place => told.values[place]))
  Object.assign(model, { printed, program, places: printed.places, fixed: new Set(printed.fixed), groups: printed.groups })
  headline(model, told)
  follow()
}

// The program waits for the first screen: printing it takes the server a tenth of a second.
function whenIdle() {
  if (isRunning()) setTimeout(whenIdle, 200)
  else requestIdleCallback(load, { timeout: 2000 })
}

// The script has run. Where its values are as before, so is what it tells, and what was written over comes back; else
// what is shown is what arrives, perhaps has arrived already.
function arrived(earlier) {
  const same = earlier && String(earlier.values) === String(told.values)
  if (!same) handles.clear()
  if (model?.program !== told.program) {
    model = undefined
    if (wanted !== told.program) whenIdle()
    wanted = told.program
  }
  if (!follow() && same) undone()
}

// In the frame that shows the slider; a key also tells the server, which is to be at work meanwhile: that goes first.
function watch() {
  const next = () => requestAnimationFrame(() => {
    waits = false
    if (!follow()) undone()
  })
  observer = new MutationObserver(changes => {
    if (waits || !changes.some(({ target }) => target.type === "range" || target === app())) return
    waits = true
    document.querySelector("[data-dragging]") ? next() : setTimeout(next)
  })
  observer.observe(document.body, { subtree: true, attributeFilter: ["value", "data-test-script-state"] })
  document.addEventListener("redraw", ({ target }) => undone(target))
}

// A handle of the strip that is held, or was let go of and waits for the server.
export function hold(paths, value) {
  handles.set(paths[0], [paths, value])
  if (told) follow()
}

// Lets another element follow: `follow(model, moving)` is called at every move, `tasks` go to the worker while it lasts.
export function join(follower) {
  followers.add(follower)
  if (model) follow()
  return () => followers.delete(follower)
}

export default function ({ data, parentElement }) {
  const earlier = told
  told = JSON.parse(new TextDecoder().decode(data))
  writeWith(told.money.marks)
  if (!observer) watch()
  arrived(earlier)
  return () => {
    if (parentElement.isConnected) return
    observer?.disconnect()
    observer = undefined
  }
}
