// What takes longer than a frame is worked out in a worker, round by round with the latest values. A task is what the
// worker is asked, `row`, and what is done with its answer; the body says while there is work.

let worker, program, tasks = [], batch = 0, asked = 0, values = ""

export function work(model, wanted) {
  const now = model.printed.inputs.map(path => model.get(path)), isNew = program !== model.program
  const others = isNew || wanted.length !== tasks.length || wanted.some(({ row }, i) => row !== tasks[i].row)
  if (!others && values === String(now)) return
  worker ??= started()
  const told = others && { rows: wanted.map(({ row }) => row), batch: (batch += 1), values: now, program: isNew && model.printed }
  ;({ program } = model)
  tasks = wanted
  values = String(now)
  document.body.toggleAttribute("data-working", true)
  worker.postMessage({ told, asked: (asked += 1), values: now })
}

function started() {
  const found = new Worker(new URL("./worker.js", import.meta.url))
  found.onmessage = ({ data }) => {
    if (data.batch === batch && data.found) tasks[data.at].done(data.found)
    if (data.answered !== asked) return
    document.body.removeAttribute("data-working")
    document.body.removeAttribute("data-behind") // of another program, set in live.js
  }
  return found
}
