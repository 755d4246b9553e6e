// How a CSV is written in a page, as reports/files/csv_text.py does. No imports.

const FORMULA = /^[\s\p{C}]*[=+\-@|\u2212]|^[\t\r\n]/u // what a spreadsheet might read as a formula
const DIGITS = { useGrouping: false, maximumSignificantDigits: 17 }

function csvCell(value) {
  if (typeof value === "number") return /e/.test(value) ? value.toLocaleString("en-US", DIGITS) : String(value)
  const text = FORMULA.test(value.normalize("NFKC")) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// Rows of numbers and texts, the latter guarded against being read as formulas.
export function csvText(rows) {
  return `\ufeff${rows.map(row => row.map(csvCell).join(",")).join("\r\n")}\r\n`
}
