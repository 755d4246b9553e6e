// What Streamlit cannot be told: the keyboard of a telephone, where the sidebar begins closed, that a text was refused and
// why, the whole of a choice that is cut, where a page begins or an input that was looked for is, that the key / leads to the
// search, and to begin anew where another process answers.

const NUMBERS = '[data-testid="stTextInput"] input[autocomplete="off"]:not([inputmode])' // no number of these is ever negative
const TELEPHONE = matchMedia("(max-width: 768px)") // where Streamlit lays the sidebar over the page
const shown = new Set()
let opened, sought, connected = true

const named = key => `.st-key-${key.replace(/[^a-zA-Z0-9_-]/g, "-")}`

// An input that was looked for takes the keyboard once it is there.
function reach() {
  const input = sought && document.querySelector(`${named(sought)} input`)
  if (!input) return
  sought = undefined
  input.focus()
  input.scrollIntoView({ block: "center" })
}

function search(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target.matches?.("input, textarea, select, [contenteditable]")) return
  const box = document.querySelector(".st-key-find input")
  if (!box) return
  event.preventDefault()
  box.focus()
}

// A choice that is longer than its field is told whole where the pointer rests on it.
function whole({ target }) {
  const input = target.closest?.('[data-testid="stSelectbox"]')?.querySelector("input")
  if (input) input.title = input.scrollWidth > input.clientWidth ? input.value : ""
}

function tend() {
  reach()
  for (const input of document.querySelectorAll(NUMBERS)) input.inputMode = "decimal"
  for (const input of document.querySelectorAll('[data-testid="stTextInput"] input[aria-errormessage]')) {
    if (!document.getElementById(input.getAttribute("aria-errormessage"))) {
      input.removeAttribute("aria-errormessage")
      input.removeAttribute("aria-invalid")
    }
  }
  for (const words of document.querySelectorAll("p.refused[data-input]")) {
    const place = named(words.dataset.input)
    words.id = `refused-${place.slice(".st-key-".length)}`
    const input = document.querySelector(`${place} input`)
    input?.setAttribute("aria-invalid", "true")
    input?.setAttribute("aria-errormessage", words.id)
  }
}

// A page is read from its top, wherever the one before was left.
function open(page) {
  if (opened !== undefined && opened !== page) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
  opened = page
}

// Streamlit keeps an open sidebar open from visit to visit, behind which nobody on a telephone would find the page.
function leave() {
  if (!TELEPHONE.matches) return
  for (const key of Object.keys(localStorage)) if (key.startsWith("stSidebarCollapsed")) localStorage.removeItem(key)
}

// A page that finds a server again asks it to run: the process may be another one, which knows no session yet and would
// take the first step for its beginning.
function follow(app, wake) {
  const before = connected
  connected = app.dataset.testConnectionState === "CONNECTED"
  if (connected && !before) wake()
}

export default function ({ data, parentElement, setTriggerValue }) {
  open(data.page)
  if (data.focus) sought = data.focus
  if (shown.has(parentElement)) return
  shown.add(parentElement)
  let waiting = 0
  const observer = new MutationObserver(() => { waiting ||= requestAnimationFrame(() => { waiting = 0; tend() }) })
  const app = document.querySelector('[data-testid="stApp"]')
  const connection = new MutationObserver(() => follow(app, () => setTriggerValue("found", true)))
  document.addEventListener("keydown", search)
  document.addEventListener("pointerover", whole)
  addEventListener("pagehide", leave)
  observer.observe(document.body, { subtree: true, childList: true })
  connection.observe(app, { attributeFilter: ["data-test-connection-state"] })
  tend()
  // Streamlit also calls this for a run that a newer one has overtaken, while the element lives on.
  return () => {
    if (parentElement.isConnected) return
    observer.disconnect()
    connection.disconnect()
    document.removeEventListener("keydown", search)
    document.removeEventListener("pointerover", whole)
    removeEventListener("pagehide", leave)
    shown.delete(parentElement)
  }
}
