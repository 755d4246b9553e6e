// Figures in words, to the letter as reports/words has them. `money` is { symbol, perUsd, cents, marks }.

const MINUS = "\u2212"
const SCALES = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]]
const FIGURES = 3, LEAST = 1e-15, WHOLE_FROM = 10
const SAME = 0.0005, MODEL_ERROR = 0.05

// What stands before decimals and between thousands is for who reads to say.
let numberMarks = { decimal: ".", group: "," }
export function writeWith(wanted) { numberMarks = wanted }

// A number as it is written in English, with these marks.
export function marked(number) {
  return number.replace(/[.,]/g, mark => (mark === "." ? numberMarks.decimal : numberMarks.group))
}

// A number to so many decimals; of two that are equally near the even one, as Python rounds.
function fixed(value, decimals) {
  const text = value.toFixed(decimals), tie = Math.abs(value * 2 ** (decimals + 1)) % 2 === 1
  if (!tie || text.at(-1) % 2 === 0) return text
  return (value - (Math.sign(value) * 10 ** -decimals) / 2).toFixed(decimals)
}

// A number of at least a thousand to three figures, likewise.
function threeFigures(size, exponent) {
  const unit = 10 ** (exponent - FIGURES + 1), whole = Math.floor(size / unit), rest = size / unit - whole
  return unit * (rest === 0.5 ? whole + (whole % 2) : Math.round(size / unit))
}

// A number of no decimals with a mark between thousands; one with decimals has none of them here.
function grouped(number) {
  return number.includes(".") ? number : number.replace(/\B(?=(\d{3})+$)/g, ",")
}

function figures(size) {
  return grouped(fixed(size, Math.max(0, FIGURES - 1 - Math.floor(Math.log10(size)))))
}

// Three figures and a scale: 528k, 5.70B, 0.87.
export function compact(value) { return marked(short(value)) }

function short(value) {
  if (!Number.isFinite(value)) return "n/a"
  if (Math.abs(value) < LEAST) return "0"
  const sign = value < 0 ? MINUS : ""
  let size = Math.abs(value)
  const exponent = Math.floor(Math.log10(size))
  size = exponent < FIGURES ? Number(fixed(size, FIGURES - 1 - exponent)) : threeFigures(size, exponent)
  for (const [scale, letter] of SCALES)
    if ((size >= scale && scale >= 1e6) || (size >= 1e4 && scale === 1e3)) return `${sign}${figures(size / scale)}${letter}`
  return sign + figures(size)
}

// An amount of USD in the currency shown.
export function usd(value, { symbol, perUsd, cents }) {
  const amount = value * perUsd, three = short(amount), isFine = /\.\d+$/.test(three)
  const isWhole = isFine && !cents && Math.abs(amount) >= WHOLE_FROM
  const text = isWhole ? fixed(amount, 0).replace("-", MINUS) : isFine ? three.padEnd(three.indexOf(".") + 1 + cents, "0") : three
  return text.startsWith(MINUS) ? `${MINUS}${symbol}${marked(text.slice(1))}` : `${symbol}${marked(text)}`
}

// What one of something comes to, with cents from one on.
export function usdEach(value, money) {
  const each = value * money.perUsd
  return money.cents && each >= 1 && each < 999.995 ? `${money.symbol}${marked(fixed(each, 2))}` : usd(value, money)
}

// A share as whole percent, with a decimal below ten and next to all.
export function percent(share) {
  const value = share * 100, size = Math.abs(value), isFine = (size > 0 && size < 9.95) || (value > 99 && value < 99.95)
  const told = fixed(value, isFine && Number(fixed(value, 1)) !== Number(fixed(value, 0)) ? 1 : 0)
  return `${marked(grouped(told).replace("-", Number(told) ? MINUS : ""))} %`
}

// How much an amount is above the least: "24 % more".
export function dearer(amount, least, money) {
  if (amount - least <= SAME * Math.abs(least)) return "the same"
  return least > 0 ? `${percent(amount / least - 1)} more` : `${usd(amount - least, money)} more`
}

// The name of the least of { name: USD } and of those that cannot be told from it, the least first.
export function closeToLeast(amounts) {
  const [first, ...others] = Object.keys(amounts).sort((a, b) => amounts[a] - amounts[b]), least = amounts[first]
  return [first, ...others.filter(name => amounts[name] - least <= MODEL_ERROR * Math.abs(least))]
}

// How each amount of { name: USD } stands against the least: "cheapest", "21 % more", "2 % more, too close to call".
export function standing(amounts, money) {
  const [first, ...close] = closeToLeast(amounts)
  const told = Object.fromEntries(Object.keys(amounts).map(name => [name, dearer(amounts[name], amounts[first], money)]))
  for (const name of close) if (told[name] !== "the same") told[name] += ", too close to call"
  return { ...told, [first]: close.length ? "least, too close to call" : "cheapest" }
}

// A text as it is set where people read it: apostrophes, quotations, signs; no line begins with a % or a month's number.
export function typeset(text) {
  const told = text.replace(/(?<![\p{L}\p{N}_])'([^'"\n]*)'(?![\p{L}\p{N}_])/gu, "\u201c$1\u201d")
    .replace(/(?<=[\p{L}\p{N}_])'/gu, "\u2019")
    .replace(/(?<=\S) x (?=\S)/g, " \u00d7 ").replace(/(?<=[Mm]onth) (?=\d)/g, "\u00a0")
  return told.replaceAll(" %", "\u00a0%").replaceAll("CO2e", "CO\u2082e")
}
