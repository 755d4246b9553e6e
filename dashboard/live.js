// The model of the page: what its levers and handles move is worked out and shown at once, and gives way to the server's
// figures when these arrive. Streamlit moves its sliders while they are dragged and tells the server on release.

import { Model, differences, headline, leaders, typeset, usd, usdEach, writeWith } from "./engine.js"
import { chartsMoved, sweepTasks } from "./live_charts.js"
import { forget, stripTasks } from "./live_strips.js"
import { work } from "./live_work.js"
import { before, undone, written } from "./live_written.js"

const RULED_OUT = "ruled out" // and why, which is the server's to say
const handles = new Map() // of the strip: path -> [paths, value] where it stands elsewhere than the server knows
const behind = new Map() // sliders that the server moved and Streamlit is yet to draw there: key -> where they stand
const followers = new Set() // other elements that follow along: { tasks, follow(model, moving) }
let told, model, wanted, observer, held, latest, waits = false // `held` is the slider under the hand, see `watch`

const app = () => document.querySelector('[data-testid="stApp"]')
const isRunning = () => ["running", "rerunRequested"].includes(app()?.dataset.testScriptState)
const placed = () => model.places.map(place => told.values[place])
const inputOf = key => document.querySelector(`.st-key-${key.replace(/[^a-zA-Z0-9_-]/g, "-")} input[type=range]`)

// [paths, value] of all that stands elsewhere than the server knows.
function moved() {
  const levers = told.levers.flatMap(({ key, paths, steps, at }) => {
    const input = inputOf(key), stands = input && input === held?.input ? held.at : Number(input?.value)
    if (stands === behind.get(key)) return []
    behind.delete(key)
    return input && Number(input.max) === steps.length - 1 && stands !== at ? [[paths, steps[stands]]] : []
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
  if (response?.status !== 200) return program === wanted && forget() // the page works without
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
  latest = undefined
  if (!same) handles.clear()
  const stood = Object.fromEntries((earlier?.levers ?? []).map(({ key, at }) => [key, at]))
  for (const { key, at } of told.levers) {
    if (at !== stood[key] && Number(inputOf(key)?.value) === stood[key]) behind.set(key, stood[key])
  }
  if (model?.program !== told.program) {
    model = undefined
    document.body.dataset.behind = ""
    if (wanted !== told.program) whenIdle()
    wanted = told.program
  }
  if (!follow() && same) undone()
}

// Follows in the next frame, or in this one where its callbacks are yet to run, if there is anything new to follow.
function next() {
  requestAnimationFrame(() => {
    waits = false
    const now = JSON.stringify([moved(), isRunning()])
    if (now !== latest && !follow()) undone()
    latest = now
  })
}

// A key also tells the server, which is to be at work meanwhile: that goes first. Streamlit draws a slider in the frame
// after the one in which the pointer has moved it; where it will then stand is known before.
function watch() {
  observer = new MutationObserver(changes => {
    if (waits || !changes.some(({ target }) => target.type === "range" || target === app())) return
    waits = true
    document.querySelector("[data-dragging]") ? next() : setTimeout(next)
  })
  observer.observe(document.body, { subtree: true, attributeFilter: ["value", "data-test-script-state"] })
}

document.addEventListener("redraw", ({ target }) => undone(target))
document.addEventListener("pointerdown", ({ pointerId, pageX }) => { held = { pointerId, pageX } }, { capture: true })
document.addEventListener("pointermove", event => dragged(event) && next(), { capture: true })
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    if (held?.input) next()
    held = undefined
  })
}

// Whether a pointer drags a slider; where that will stand, as Streamlit rounds it, is kept.
function dragged({ pointerId, pageX }) {
  if (pointerId !== held?.pointerId) return false
  const thumb = observer && document.querySelector("[data-dragging]"), input = thumb?.querySelector("input[type=range]")
  if (!input) {
    held = undefined // and what else may be dragged from here on is told by Streamlit alone
    return false
  }
  const { max, value } = input
  if (held.input !== input) {
    Object.assign(held, { input, from: value / max, width: thumb.parentElement.getBoundingClientRect().width })
  }
  held.at = Math.round(Math.min(1, Math.max(0, held.from + (pageX - held.pageX) / held.width)) * max)
  return true
}

// A handle of the strip that is held, or was let go of and waits for the server.
export function hold(paths, value) {
  handles.set(paths[0], [paths, value])
  latest = undefined
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
