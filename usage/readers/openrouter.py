"""OpenRouter: generations one by one, or days by model. Its ids of models keep their maker."""

from intake.records import Rows, at
from usage.fields import first_money, first_number, money, number, text, unwrapped, yes
from usage.row import Row, added
from usage.tally import Tally
from usage.times import DAY_S, moment

GENERATION_COLUMNS = (
    "generation_id", "id", "created_at", "cost_total", "total_cost", "byok_usage_inference", "tokens_prompt",
    "tokens_completion", "tokens_reasoning", "tokens_cached", "native_tokens_prompt", "native_tokens_completion",
    "native_tokens_reasoning", "native_tokens_cached", "model_permaslug", "model", "cancelled",
)  # fmt: skip
ACTIVITY_COLUMNS = (
    "date", "slug", "model", "model_permaslug", "usage", "byok_usage", "byok_usage_inference", "requests",
    "prompt_tokens", "completion_tokens", "reasoning_tokens", "cached_tokens",
)  # fmt: skip


def read_generations(rows: Rows, tally: Tally) -> None:
    """One row for each generation. A replayed answer has more cached than prompt tokens: they are beside it."""
    tally.formats.append("openrouter activity csv (per generation)")
    for record in unwrapped(rows, GENERATION_COLUMNS):
        known = {
            kind: first_number(record, f"native_tokens_{kind}", f"tokens_{kind}")
            for kind in ("prompt", "completion", "reasoning", "cached")
        }
        prompt, cached = known["prompt"], known["cached"]
        if prompt is not None and (cached or 0) > prompt:
            tally.note("Replayed answers of OpenRouter have cached tokens beside their prompt: they were added to it.")
            prompt += cached
        cancelled = yes(at(record, "cancelled"))
        tally.counts["cancelled"] += bool(cancelled)
        tally.add(
            Row(
                moment(at(record, "created_at"), "created_at"),
                0.0,
                "openrouter",
                text(record, "model_permaslug", "model"),
                requests=0.0 if cancelled else 1.0,
                input_tokens=prompt,
                cached_read_tokens=cached,
                output_tokens=known["completion"],
                reasoning_tokens=known["reasoning"],
                cost=added(first_money(record, "cost_total", "total_cost"), money(record, "byok_usage_inference")),
                currency="USD",
                once=text(record, "generation_id", "id"),
            )
        )


def read_activity(rows: Rows, tally: Tally) -> None:
    """Days by model, from the API or as CSV. What the own provider account was charged is part of the bill."""
    tally.formats.append("openrouter activity csv (per day)" if rows.columns else "openrouter activity api")
    for record in unwrapped(rows, ACTIVITY_COLUMNS):
        tally.add(
            Row(
                moment(at(record, "date"), "date"),
                DAY_S,
                "openrouter",
                text(record, "model_permaslug", "slug", "model"),
                requests=number(record, "requests"),
                input_tokens=number(record, "prompt_tokens"),
                cached_read_tokens=number(record, "cached_tokens"),
                output_tokens=number(record, "completion_tokens"),
                reasoning_tokens=number(record, "reasoning_tokens"),
                cost=added(money(record, "usage"), first_money(record, "byok_usage_inference", "byok_usage")),
                currency="USD",
            )
        )
