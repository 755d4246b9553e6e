// The page at work: levers move figures, curves and bars at once; strip and volume follow from a worker, whose code is
// this same text.

function start() {
  const told = JSON.parse(document.getElementById("told").textContent), model = new Model(told.program, told.values)
  writeWith(told.money.marks)
  const part = id => document.getElementById(id), slugs = Object.keys(told.options)
  const say = (id, words) => { part(id).textContent = typeset(words) }
  const tell = { amount: value => usd(value, told.money), count: compact }
  const drawn = usd => usd * told.money.perUsd // charts are in the currency shown, in which their steps are round
  const axis = amount => {
    const text = roundFigure(amount)
    return text.startsWith("\u2212") ? `\u2212${told.money.symbol}${text.slice(1)}` : `${told.money.symbol}${text}`
  }
  const frames = Object.fromEntries(["curves", "bars", "volume"].map(id => [id, new Frame(part(id))]))
  const written = { owning: part("owning").textContent, more: part("more")?.textContent }
  let asked = 0, waiting = 0, overVolumes = null

  // One Worker, of the code of this very script, which the policy of the page allows as a blob.
  const code = new Blob([document.querySelector("script:not([type])").textContent], { type: "text/javascript" })
  const worker = new Worker(URL.createObjectURL(code))
  worker.onmessage = ({ data }) => {
    if (data.found) strip.show(data.path, model.get(data.path), data.found)
    if (data.volume) drawVolumes(overVolumes = data.volume)
    if (data.answered) document.body.dataset.answered = data.answered
  }

  const strip = new Strip(part("strip"), told.rows, told, tell,
    (row, value) => { move(row, value); waiting ||= requestAnimationFrame(() => { waiting = 0; show() }) },
    (row, value) => { move(row, value); show(); settle() })
  for (const row of told.rows) strip.show(row.path, row.today, row.leads)

  function move(row, value) {
    const told_ = Math.abs(shareOf(row, value) - shareOf(row, row.today)) < 0.5 / 400 ? row.today : value
    model.set(Object.fromEntries([row.path, ...row.also].map(path => [path, told_])))
    strip.show(row.path, told_)
    ask()
  }

  function ask() { worker.postMessage({ asked: (asked += 1), values: told.program.inputs.map(path => model.get(path)) }) }

  function show() {
    const found = outcome(model, told), moved = told.program.inputs.some((path, i) => model.get(path) !== told.values[i])
    say("headline", headline(model, told))
    say("owning", moved ? owning(found) : written.owning)
    if (part("more")) part("more").hidden = moved
    part("reset").hidden = !moved
    document.body.classList.toggle("moved", moved)
    const differing = differences(model, told.money)
    for (const slug of slugs) {
      const tile = document.querySelector(`[data-tile="${CSS.escape(slug)}"]`), { levelized } = model.options[slug]
      tile.querySelector(".value").textContent = usd(found.usdOf[slug], told.money)
      tile.querySelector(".each").textContent = `${usdEach(model.read(levelized), told.money)} per million of its tokens`
      tile.querySelector(".against").textContent = typeset(differing[slug])
    }
    const { title, crossings } = curvesTitle(found), amount = tell.amount
    say("curves-title", title)
    drawCurves(frames.curves, `${title}.`, slugs.map(slug => {
      const { x, y } = curve(model, slug)
      return { ...told.options[slug], out: ruledOut(model, slug), value: amount(y.at(-1)), x, y: Array.from(y, drawn) }
    }), crossings.map(({ at, usd }) => ({ x: at, y: drawn(usd), text: `month ${Math.ceil(at)}` })), told.months, axis)
    const parts = partsTitle(found), groups = told.groups.filter(({ name }) => slugs.some(slug => name in model.options[slug].groups))
    say("bars-title", parts)
    drawBars(frames.bars, `${parts}.`, found.order.map(slug => ({
      ...told.options[slug], value: amount(found.usdOf[slug]),
      parts: groups.map(({ name }) => drawn(name in model.options[slug].groups ? model.read(model.options[slug].groups[name]) : 0)),
    })), groups, axis)
    if (overVolumes) drawVolumes(overVolumes)
  }

  function drawVolumes({ pair, crossings, curves }) {
    const found = outcome(model, told), { path, grid } = told.volume, tellEach = value => usd(value, told.money)
    const { title, named } = pair ? volumeTitle(found, pair, crossings) : { title: "Cost against the volume of requests", named: [] }
    const on = pair && curves[pair[1]], near = at => grid.findIndex(value => value >= at)
    say("volume-title", title)
    drawVolume(frames.volume, `${title}.`, slugs.map(slug => ({
      ...told.options[slug], value: tellEach(curves[slug].at(-1)), x: grid, y: Array.from(curves[slug], drawn),
    })), named.map(({ at }) => ({ x: at, y: drawn(on[near(at)]), text: compact(at) })), grid, model.get(path), axis, roundFigure,
    "Requests a month, in equal ratios")
  }

  // What need not follow the hand: the order of tiles, the months, what a screen reader is told.
  function settle() {
    const found = outcome(model, told)
    part("tiles").append(...found.order.map(slug => document.querySelector(`[data-tile="${CSS.escape(slug)}"]`)))
    say("spoken", headline(model, told))
    months()
  }

  function months() {
    if (part("months").open) part("cash").replaceChildren(monthsTable(model, part("whose").value, told))
  }

  part("whose").addEventListener("change", months)
  part("months").addEventListener("toggle", months)
  part("reset").addEventListener("click", () => {
    model.reset(told.values)
    for (const row of told.rows) strip.show(row.path, row.today)
    ask()
    show()
    settle()
    part("headline").focus()
  })
  part("csv").addEventListener("click", () => {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([csvOf(model, told)], { type: "text/csv" }))
    link.download = told.file
    link.click()
  })
  addEventListener("beforeprint", () => document.querySelectorAll("details.printed").forEach(details => { details.open = true }))
  worker.postMessage({ told, values: told.values, asked: (asked += 1) })
  show()
  window.crossover = { model, told, outcome: () => outcome(model, told) }
}

if (typeof document === "undefined") serve()
else start()
