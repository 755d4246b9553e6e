#!/usr/bin/env bash
# LiteLLM's `deprecation_date` is two things under one name: the day on which a provider has said that a model ends, and
# the day before which it has promised not to end it. For Claude on Vertex AI it is the second (Google's model pages:
# "not sooner than" 2027-02-05, 2027-04-16, 2027-05-28), on Anthropic's own address the first. So Claude Sonnet 4.5 has
# two days in one file, two months apart, and Claude Haiku 4.5 on Vertex looks gone since mid-October although nobody
# has announced its end. Whoever hides models past that day hides some that are sold.
# Seen 2026-11-30, litellm 1.110.2: the three promises to the day; 2026-09-29 and 2026-11-30 for Sonnet 4.5.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$work" litellm==1.110.2
"$work/venv/bin/python" - "$work" <<'PY' || { echo "changed: the days are no longer as described"; exit 1; }
import json
import sys
import zipfile
from pathlib import Path

wheel = zipfile.ZipFile(next(Path(sys.argv[1]).glob("litellm-*.whl")))
prices = json.loads(wheel.read("litellm/model_prices_and_context_window_backup.json"))
promised = {"claude-opus-4-6": "2027-02-05", "claude-opus-4-7": "2027-04-16", "claude-opus-4-8": "2027-05-28"}
days = {model: prices[f"vertex_ai/{model}"]["deprecation_date"] for model in promised}
sonnet = [prices[name]["deprecation_date"] for name in ("vertex_ai/claude-sonnet-4-5", "claude-sonnet-4-5")]
haiku = prices["vertex_ai/claude-haiku-4-5"]["deprecation_date"]
print(f"promises as last days: {days}; Sonnet 4.5 by route: {sonnet}; Haiku 4.5 on Vertex: {haiku}")
assert days == promised and sonnet == ["2026-09-29", "2026-11-30"] and haiku == "2026-10-15"
PY
