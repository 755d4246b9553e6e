#!/usr/bin/env bash
# DeepSeek V4 Pro costs double in some hours of the working day. LiteLLM 1.110.2 knows that its weekends are cheap all
# day (`off_peak_pricing`, with weekdays) and keeps the dear price as the price; genai-prices 0.2.3 keeps the cheap one
# and repeats the dear hours on Saturday and Sunday too. So the price of a million tokens in an even week is 6.9 % apart
# between the two, and 100 % apart for whoever reads their plain price alone.
# Seen 2026-11-29, Python 3.11: 0.8525 USD against 0.7975 USD a million input tokens.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check genai-prices==0.2.3
"$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$work" litellm==1.110.2
"$work/venv/bin/python" - "$work" <<'PY' || { echo "changed: the catalogues no longer differ as described"; exit 1; }
import json
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from genai_prices import Usage, calc_price

hours = [datetime(2026, 11, 2, tzinfo=timezone.utc) + timedelta(hours=hour) for hour in range(7 * 24)]  # from a Monday on
mtok = Usage(input_tokens=1_000_000)
one = [
    float(calc_price(mtok, "deepseek-v4-pro", provider_id="deepseek", genai_request_timestamp=hour).total_price)
    for hour in hours
]

wheel = zipfile.ZipFile(next(Path(sys.argv[1]).glob("litellm-*.whl")))
entry = json.loads(wheel.read("litellm/model_prices_and_context_window_backup.json"))["deepseek/deepseek-v4-pro"]
cheap = entry["off_peak_pricing"]


def is_cheap(moment):
    for window in cheap["windows"]:
        spans = window["hours_utc"] if isinstance(window["hours_utc"], list) else [window["hours_utc"]]
        for begin, end in (span.split("-") for span in spans):
            until = int(end[:2]) or 24
            if moment.isoweekday() in window["weekdays"] and int(begin[:2]) <= moment.hour < until:
                return True
    return False


other = [1e6 * (cheap if is_cheap(hour) else entry)["input_cost_per_token"] for hour in hours]
week, week_too = sum(one) / len(one), sum(other) / len(other)
print(f"even week: genai-prices {week:.4f}, LiteLLM {week_too:.4f} USD a million input tokens, {week / week_too - 1:.1%} apart")
assert abs(week - 0.8525) < 1e-6 and abs(week_too - 0.7975) < 1e-6
assert [a for a, b, hour in zip(one, other, hours) if a != b and hour.isoweekday() < 6] == []
PY
