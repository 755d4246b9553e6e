// In a worker: goes round the rows of the strip, and the volume where that is told of, with the latest values until all
// were worked out with them. No imports.

export function serve() {
  const port = new MessageChannel()
  let model, told, rounds, asked = 0, at = 0, left = 0
  const next = () => port.port2.postMessage(0)
  port.port1.onmessage = () => {
    if (!left) return
    const row = told.rows[at % rounds]
    if (!row) postMessage({ volume: overVolume(model, told) })
    else if (model.has(row.path)) postMessage({ path: row.path, leads: leadsAlong(model, row) })
    at += 1
    left -= 1
    if (left) next()
    else postMessage({ answered: asked })
  }
  onmessage = ({ data }) => {
    if (data.told) {
      ;({ told } = data)
      model = new Model(told.program, told.values)
      rounds = told.rows.length + (told.volume ? 1 : 0)
      at = 0
    }
    if (!data.values) return
    model.reset(data.values)
    asked = data.asked
    const idle = !left
    left = rounds
    if (idle) next()
  }
}

// Cost against the volume, and where the pair of the decision crosses.
function overVolume(model, told) {
  const { path, grid } = told.volume, found = outcome(model, told), slugs = Object.keys(told.options)
  if (!model.has(path)) return null
  const sweep = along(model, [path], grid, each => slugs.map(slug => each.read(each.options[slug].levelized)))
  const pair = found.pair ?? (slugs.length > 1 ? [found.order[0], slugs.find(slug => slug !== found.order[0])] : null)
  const crossings = pair ? crossingsByVolume(model, path, grid, pair) : []
  return { pair, crossings, curves: Object.fromEntries(slugs.map((slug, i) => [slug, sweep.map(values => values[i])])) }
}
