#!/usr/bin/env bash
# Whoever asks genai-prices 0.2.3 which provider sells a Claude model cheapest is told neither Anthropic nor a cloud: nine
# models cost at one gateway, whose operator entered it in the list, exactly a quarter of Anthropic's own price, input and
# output alike, and no field says that it resells. At the other providers of the list none costs less than Anthropic asks
# (prices of batches, which OpenRouter has under names of their own, left out). LiteLLM 1.110.2 does not know the gateway.
# Seen 2026-12-01, Python 3.11: 9 of 11 models at 0.25, the other two at 0.80; everywhere else 1.00.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check genai-prices==0.2.3
"$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$work" litellm==1.110.2
"$work/venv/bin/python" - "$work" <<'PY' || { echo "changed: the list no longer differs as described"; exit 1; }
import json
import sys
import zipfile
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

from genai_prices import Usage, calc_price
from genai_prices.data import providers

DAY = datetime(2026, 11, 10, 12, tzinfo=timezone.utc)
USAGE = Usage(input_tokens=1_000, output_tokens=1_000)


def usd(provider, model):
    return float(calc_price(USAGE, model, provider_id=provider, genai_request_timestamp=DAY).total_price)


makers = {model.id: usd("anthropic", model.id) for model in next(p for p in providers if p.id == "anthropic").models}
ratios = {}
for provider in providers:
    for model in provider.models:
        name = model.id.rpartition("/")[2].replace(".", "-")
        if provider.id != "anthropic" and name in makers:
            ratios.setdefault(provider.id, []).append(round(usd(provider.id, model.id) / makers[name], 2))
for provider, found in sorted(ratios.items()):
    print(provider, dict(sorted(Counter(found).items())))
below = {provider: Counter(r for r in found if r < 1) for provider, found in ratios.items() if min(found) < 1}
assert below == {"quicksilverpro": {0.25: 9, 0.8: 2}}
wheel = zipfile.ZipFile(next(Path(sys.argv[1]).glob("litellm-*.whl")))
table = json.loads(wheel.read("litellm/model_prices_and_context_window_backup.json"))
assert not [name for name, row in table.items() if "quicksilver" in name or "quicksilver" in str(row.get("litellm_provider"))]
PY
