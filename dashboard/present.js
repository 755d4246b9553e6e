// Keys of a presentation and of a clicker: on, back, first, last, the whole screen.

const KEYS = { PageDown: "next", " ": "next", Enter: "next", PageUp: "back", Home: "first", End: "last", f: "full", F: "full" }
const OWN = "input, textarea, select, [role=slider], [contenteditable]" // these have a use of their own for such keys
let move

function full() {
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen?.().catch(() => undefined)
}

function pressed(event) {
  const [target] = event.composedPath(), way = KEYS[event.key]
  if (!way || event.ctrlKey || event.metaKey || event.altKey || target.closest?.(OWN)) return
  if ((event.key === " " || event.key === "Enter") && target.closest?.("button")?.matches(":focus-visible")) return
  event.preventDefault()
  if (way === "full") full()
  else move(event.shiftKey && event.key === " " ? "back" : way)
}

export default function ({ parentElement, setTriggerValue }) {
  move = way => setTriggerValue("move", way)
  parentElement.querySelector("button").onclick = full
  document.addEventListener("keydown", pressed)
  return () => document.removeEventListener("keydown", pressed)
}
