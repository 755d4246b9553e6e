// What is written over on the page while something moves, and put back once that is over.

const shown = new Map() // node -> what it had, by the name of what was written; `born` of one that was added

// Writes a text or an attribute; its first value is known to `undone`.
export function written(node, name, value) {
  const known = shown.get(node) ?? shown.set(node, {}).get(node)
  const has = name === "textContent" ? node.textContent : node.getAttribute(name)
  if (!(name in known)) known[name] = has
  if (has !== value) put(node, name, value)
}

// What a node had of what was written over.
export function before(node) { return shown.get(node) ?? {} }

// Adds a node to another, until what was written is undone.
export function added(parent, node) {
  parent.append(node)
  shown.set(node, { born: true })
  return node
}

function put(node, name, value) {
  if (name === "born") node.remove()
  else if (name === "textContent") node.textContent = value
  else if (value === null) node.removeAttribute(name)
  else node.setAttribute(name, value)
}

// Brings back what was written over, of all nodes or of those within one.
export function undone(within = document) {
  for (const [node, known] of shown) {
    if (node.isConnected && !within.contains(node)) continue
    for (const [name, value] of Object.entries(known)) put(node, name, value)
    shown.delete(node)
  }
}
