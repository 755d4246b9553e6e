"""Prices of twenty models beside a second catalogue, litellm's table, where that is installed; its code is not run.

What differs is printed and must have a reason, with the day on which somebody looked.
"""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from pricing import token_prices

TABLE = "model_prices_and_context_window_backup.json"
KINDS = {"input_usd_per_mtok": "input_cost_per_token", "output_usd_per_mtok": "output_cost_per_token"}
SAME_MODELS = {  # ours -> theirs
    ("openai", "gpt-6.1-sol"): "gpt-6.1-sol",
    ("openai", "gpt-6-luna"): "gpt-6-luna",
    ("openai", "gpt-5.4"): "gpt-5.4",
    ("openai", "gpt-5.4-mini"): "gpt-5.4-mini",
    ("openai", "gpt-4.1"): "gpt-4.1",
    ("anthropic", "claude-opus-5-5"): "claude-opus-5-5",
    ("anthropic", "claude-sonnet-5-5"): "claude-sonnet-5-5",
    ("anthropic", "claude-haiku-5-5"): "claude-haiku-5-5",
    ("google", "gemini-3.8-flash"): "gemini/gemini-3.8-flash",
    ("google", "gemini-3.1-pro-preview"): "gemini/gemini-3.1-pro-preview",
    ("google", "gemini-2.5-flash-lite"): "gemini/gemini-2.5-flash-lite",
    ("x-ai", "grok-4.7"): "xai/grok-4.7",
    ("mistral", "mistral-medium-latest"): "mistral/mistral-medium-latest",
    ("moonshotai", "kimi-k3"): "moonshot/kimi-k3",
    ("groq", "openai/gpt-oss-120b"): "groq/openai/gpt-oss-120b",
    ("cerebras", "gpt-oss-120b"): "cerebras/gpt-oss-120b",
    ("fireworks", "gpt-oss-120b"): "fireworks_ai/gpt-oss-120b",
    ("baseten", "openai/gpt-oss-120b"): "baseten/openai/gpt-oss-120b",
    ("deepseek", "deepseek-v4-pro"): "deepseek/deepseek-v4-pro",
    ("ovhcloud", "gpt-oss-120b"): "ovhcloud/gpt-oss-120b",
}
REASONS = {  # ours -> why they differ, and when that was looked at
    ("deepseek", "deepseek-v4-pro"): "2026-11-29: theirs is the price of the busy hours alone, twice that of the rest.",
    ("ovhcloud", "gpt-oss-120b"): "2026-11-29: theirs is the price in euros, taken for dollars.",
}


@pytest.fixture(scope="module")
def second():
    found = find_spec("litellm")
    if found is None:
        pytest.skip("the second catalogue is not installed")
    return json.loads((Path(found.origin).parent / TABLE).read_text(encoding="utf-8"))


def test_twenty_models_cost_what_a_second_catalogue_says(second):
    unexplained = []
    for (provider, model), name in SAME_MODELS.items():
        ours, theirs = token_prices.listing(provider, model).prices, second[name]
        for kind, cost in KINDS.items():
            one, other = getattr(ours, kind), theirs[cost] * 1e6
            if one != pytest.approx(other, rel=1e-6):
                reason = REASONS.get((provider, model), "")
                print(f"{provider} {model}, {kind}: {one:g}, theirs {other:g}. {reason}")
                unexplained += [] if reason else [(model, kind, one, other)]
    assert unexplained == []
