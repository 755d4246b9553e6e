// In a worker: goes round the rows of the strip, sweeps over a number among them, and the volume where that is told of,
// with the latest values until all were worked out with them. No imports.

export function serve() {
  const port = new MessageChannel()
  let model, told, rounds, asked = 0, at = 0, left = 0
  const next = () => port.port2.postMessage(0)
  port.port1.onmessage = () => {
    if (!left) return
    const place = at % rounds, row = told.rows[place]
    if (!row) postMessage({ volume: overVolume(model, told) })
    else if (row.grid || model.has(row.path)) {
      postMessage({ batch: told.batch, at: place, path: row.path, found: row.grid ? swept(model, row) : leadsAlong(model, row) })
    }
    at += 1
    left -= 1
    if (left) next()
    else postMessage({ answered: asked })
  }
  onmessage = ({ data }) => {
    if (data.told) {
      ;({ told } = data)
      if (told.program) model = new Model(told.program, told.values)
      rounds = told.rows.length + (told.volume ? 1 : 0)
      at = 0
    }
    if (!data.values) return
    model.reset(data.values)
    asked = data.asked
    const idle = !left
    left = rounds
    if (!rounds) postMessage({ answered: asked })
    else if (idle) next()
  }
}

// Results at each value of a grid, of months the last: { path, grid, of: [node, ...] }.
function swept(model, { path, grid, of }) {
  const found = along(model, [path], grid, each => of.map(node => each.read(node)).map(values => values.at?.(-1) ?? values))
  return of.map((_, i) => found.map(values => values[i]))
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
