#!/usr/bin/env bash
# Asked for a model at Azure that its Azure list lacks, genai-prices 0.2.3 answers with the maker's own price, and says
# nothing of it: the provider of the answer is Azure. For closed models the two are the same, and for Kimi. For DeepSeek
# they are not: R1 comes out at two fifths of what LiteLLM 1.110.2 has for Azure, and at a tenth in the hours of a discount
# that DeepSeek gave and Azure never did; gpt-oss-120b at a quarter, since "OpenAI's" price of it was taken from a broker.
# Seen 2026-12-01, Python 3.11: 2.740 USD at noon and 0.685 at 20:00 UTC for a million tokens in and out of R1 against 6.750.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check genai-prices==0.2.3
"$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$work" litellm==1.110.2
"$work/venv/bin/python" - "$work" <<'PY' || { echo "changed: the two no longer differ as described"; exit 1; }
import json
import sys
import zipfile
from datetime import datetime, timezone
from pathlib import Path

from genai_prices import Usage, calc_price

wheel = zipfile.ZipFile(next(Path(sys.argv[1]).glob("litellm-*.whl")))
table = json.loads(wheel.read("litellm/model_prices_and_context_window_backup.json"))


def both(model, hour):
    """USD of a million tokens in and a million out at Azure at an hour (UTC), by the one and by the other."""
    moment = datetime(2026, 12, 1, hour, tzinfo=timezone.utc)
    usage = Usage(input_tokens=1_000_000, output_tokens=1_000_000)
    found = calc_price(usage, model, provider_id="azure", genai_request_timestamp=moment)
    assert found.provider.id == "azure"
    row = table[f"azure_ai/{model}"]
    return float(found.total_price), 1e6 * (row["input_cost_per_token"] + row["output_cost_per_token"])


asked = [("deepseek-r1", 12), ("deepseek-r1", 20), ("deepseek-v4-pro", 12), ("gpt-oss-120b", 12), ("kimi-k2.6", 12)]
ratios = []
for model, hour in asked:
    one, other = both(model, hour)
    ratios.append(round(one / other, 2))
    print(f"{model} at Azure, {hour}:00 UTC: genai-prices {one:.3f}, LiteLLM {other:.3f} USD, {ratios[-1]:.2f} of it")
assert ratios == [0.41, 0.10, 0.51, 0.29, 1.0]
PY
