// What Streamlit cannot be told: the keyboard of a telephone, that a text was refused and why, where a page begins.

const NUMBERS = '[data-testid="stTextInput"] input[autocomplete="off"]' // no number of these is ever negative
const shown = new Set()
let opened

function tend() {
  for (const input of document.querySelectorAll(NUMBERS)) input.inputMode = "decimal"
  for (const input of document.querySelectorAll('[data-testid="stTextInput"] input[aria-errormessage]')) {
    if (!document.getElementById(input.getAttribute("aria-errormessage"))) {
      input.removeAttribute("aria-errormessage")
      input.removeAttribute("aria-invalid")
    }
  }
  for (const words of document.querySelectorAll("p.refused[data-input]")) {
    const key = words.dataset.input.replace(/[^a-zA-Z0-9_-]/g, "-")
    words.id = `refused-${key}`
    const input = document.querySelector(`.st-key-${key} input`)
    input?.setAttribute("aria-invalid", "true")
    input?.setAttribute("aria-errormessage", words.id)
  }
}

// A page is read from its top, wherever the one before was left.
function open(page) {
  if (opened !== undefined && opened !== page) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)
  opened = page
}

export default function ({ data, parentElement }) {
  open(data.page)
  if (shown.has(parentElement)) return
  shown.add(parentElement)
  let waiting = 0
  const observer = new MutationObserver(() => { waiting ||= requestAnimationFrame(() => { waiting = 0; tend() }) })
  observer.observe(document.body, { subtree: true, childList: true })
  tend()
  // Streamlit also calls this for a run that a newer one has overtaken, while the element lives on.
  return () => {
    if (parentElement.isConnected) return
    observer.disconnect()
    shown.delete(parentElement)
  }
}
