#!/usr/bin/env bash
# formulas 1.3.4, which computes Excel's workbooks in Python, takes an amount of a few thousand with its separator for a
# month and a year: VALUE("1,234"), 1234 in Excel, is the day number 85469 (1 January 2134), and so is
# VALUE("1,234,567"); VALUE("2,500") is 182654. No error is raised, so a column of a bill that came as text adds up to
# nonsense; from ten thousand on it is #VALUE!. NUMBERVALUE with both separators named reads all of them rightly. And
# IRR does not use its guess: of the two rates, 10 % and 20 %, at which -100, 230, -132 is worth nothing,
# Gnumeric and HyperFormula give the one near the guess; formulas gives 10 % for a guess of 30 % too.
# Seen 2026-11-30, Python 3.11: 'VALUE 85469, 85469, 182654; NUMBERVALUE 1234; IRR with a guess of 30 %: 0.1000'.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check formulas==1.3.4
"$work/venv/bin/python" - <<'PY' || { echo "changed: formulas no longer behaves as described"; exit 1; }
import formulas


def value(formula):
    return float(formulas.Parser().ast(formula)[1].compile()())


thousand, million, more = (value(f'=VALUE("{text}")') for text in ("1,234", "1,234,567", "2,500"))
named = value('=NUMBERVALUE("1,234",".",",")')
rate = value("=IRR({-100;230;-132},0.3)")
print(f"VALUE {thousand:.0f}, {million:.0f}, {more:.0f}; NUMBERVALUE {named:.0f}; IRR with a guess of 30 %: {rate:.4f}")
assert thousand == million == value("=DATE(2134,1,1)") == 85_469 and more == 182_654 and named == 1_234
assert abs(rate - 0.1) < 1e-6
for known in (0.1, 0.2):
    assert abs(-100 + 230 / (1 + known) - 132 / (1 + known) ** 2) < 1e-9
PY
