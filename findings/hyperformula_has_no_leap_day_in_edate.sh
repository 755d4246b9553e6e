#!/usr/bin/env bash
# HyperFormula 3.5.0 (npm) never lets EDATE land on a 29th of February: a month after 31 January 2024 is the 28th, after
# 29 January too, while its own EOMONTH says the 29th. A schedule of payments or of months of use that steps by EDATE
# loses a day in each leap year. Two more cells of any cost sheet differ from Excel without an error: INT of a negative
# number goes towards zero (a credit of -7.50 becomes -7, not -8), and TEXT with "0.00%" shows 0.125 as 0.13%, a
# hundredth of the rate.
# Seen 2026-11-30, Node 20: 'EDATE 45350, 45350; EOMONTH 45351; INT -7; TEXT 0.13%' (45351 is 29 February 2024).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund hyperformula@3.5.0
cat > probe.cjs <<'JS'
const { HyperFormula } = require('hyperformula');
const cells = ['=EDATE(DATE(2024,1,31),1)', '=EDATE(DATE(2024,1,29),1)', '=EOMONTH(DATE(2024,1,31),1)', '=INT(-7.5)',
  '=TEXT(0.125,"0.00%")', '=DATE(2024,2,29)'];
const [[last, same, end, whole, percent, leap]] = HyperFormula.buildFromArray([cells], { licenseKey: 'gpl-v3' }).getSheetValues(0);
console.log(`EDATE ${last}, ${same}; EOMONTH ${end}; INT ${whole}; TEXT ${percent}`);
process.exit(leap === 45351 && last === leap - 1 && same === leap - 1 && end === leap && whole === -7 && percent === '0.13%' ? 0 : 1);
JS
node probe.cjs || { echo "changed: HyperFormula no longer behaves as described"; exit 1; }
