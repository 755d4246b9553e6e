#!/usr/bin/env bash
# HyperFormula 3.2.0 (npm) reads two formulas that Excel, LibreOffice and Gnumeric all compute otherwise:
# SUMPRODUCT(A1:C1*A2:C2) gives the first product alone, without an error (4 instead of 32), and a constant with an
# exponent, 1E-9, is a parsing error. INDEX of one row with one number asks for a row: #NUM!. A workbook meant for other
# engines writes SUMPRODUCT(a,b), 0.000000001 and INDEX(row,1,n).
# Seen 2026-11-29, Node 20: 'inline product 4, arguments 32, exponent ERROR, INDEX(row,2) NUM, INDEX(row,1,2) 2'.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund hyperformula@3.2.0
cat > probe.cjs <<'JS'
const { HyperFormula } = require('hyperformula');
const sheet = HyperFormula.buildFromArray([
  [1, 2, 3],
  [4, 5, 6],
  ['=SUMPRODUCT(A1:C1*A2:C2)', '=SUMPRODUCT(A1:C1,A2:C2)', '=A1+1E-9', '=INDEX(A1:C1,2)', '=INDEX(A1:C1,1,2)'],
], { licenseKey: 'gpl-v3' });
const [inline, args, exponent, row, cell] = sheet.getSheetValues(0)[2];
console.log(`inline product ${inline}, arguments ${args}, exponent ${exponent.type}, INDEX(row,2) ${row.type}, INDEX(row,1,2) ${cell}`);
process.exit(HyperFormula.version === '3.2.0' && inline === 4 && args === 32 && exponent.type === 'ERROR' && row.type === 'NUM' && cell === 2 ? 0 : 1);
JS
node probe.cjs || { echo "changed: HyperFormula no longer behaves as described"; exit 1; }
