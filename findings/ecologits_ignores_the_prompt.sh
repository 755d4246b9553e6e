#!/usr/bin/env bash
# EcoLogits 0.11.3 has no place for the prompt: the energy of a request follows from the tokens of its answer alone, in
# the function that its tracers call and in the one below. A request that reads 100,000 tokens and answers with one is
# given less than a thousandth of the energy that its prefill takes by the plainest arithmetic (2 x parameters x tokens
# FLOP on a GPU that does 400 TFLOPS at 700 W). Carbon figures of document work are too low by that.
# Seen 2026-11-29, Python 3.11: no parameter for input; ratio printed below 0.001.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ecologits==0.11.3
"$work/venv/bin/python" - <<'PY' || { echo "changed: EcoLogits no longer behaves as described"; exit 1; }
import inspect

from ecologits.impacts.llm import compute_llm_impacts, compute_llm_impacts_dag
from ecologits.tracers.utils import llm_impacts

for function in (llm_impacts, compute_llm_impacts):
    names = list(inspect.signature(function).parameters)
    assert "output_token_count" in names and not [name for name in names if "input" in name or "prompt" in name], names

billions, prompt = 70, 100_000
request = dict(model_active_parameter_count=billions, model_total_parameter_count=billions, output_token_count=1,
               if_electricity_mix_adpe=1e-7, if_electricity_mix_pe=9.0, if_electricity_mix_gwp=0.4,
               if_electricity_mix_wue=1.0, datacenter_pue=1.2, datacenter_wue=0.5)
try:
    compute_llm_impacts(**request, input_token_count=prompt)
except TypeError as refusal:
    assert "input_token_count" in str(refusal)
else:
    raise SystemExit(1)
energy = compute_llm_impacts(**request).energy.value
kwh = getattr(energy, "max", energy)
seconds = 2 * billions * 1e9 * prompt / 400e12
prefill_kwh = seconds * 700 / 3.6e6
print(f"EcoLogits {kwh:.2e} kWh, prefill alone {prefill_kwh:.2e} kWh, ratio {kwh / prefill_kwh:.5f}")
assert kwh / prefill_kwh < 0.001
PY
