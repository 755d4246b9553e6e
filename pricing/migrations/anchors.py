"""Version 4 to 5: the nearest measurement to scale from becomes constants, and what was typed becomes a measurement.

Up to version 4 an option carried an anchor: a rate with its lengths and limit. One that a catalogue had written gives
way to today's constants; one that the reader typed, or changed, stays the reader's, as what "I measured".
"""

from collections.abc import Iterator, Mapping
from math import isclose, log
from typing import Any

from costmodel.errors import ScenarioError
from costmodel.serving import Serving
from pricing import catalogue
from pricing.facts import Gpu, OpenModel, named, rows
from pricing.migrations.then import CEILING_FRAC, PRESETS, catalogue_then, rates_then, roofline_then
from pricing.presets import preset
from pricing.throughput import WEIGHT_BYTES

Document = dict[str, Any]
NOTES = "notes"  # part of a document on its way: sentences for the reader
ANCHOR = ("tok_per_s_per_gpu", "input_tokens", "output_tokens", "time_per_token_ms")
UNLIMITED_MS = 1e4  # stood for no limit
INFINITE = float("inf")


def without_anchors(document: Document) -> Document:
    """The document without anchors, with sentences that name what changed."""
    changes, added = _part(document, "changes", dict), _part(document, "added", dict)
    moved: dict[str, tuple[str, float]] = {}  # path of a range -> its new path, and what its ends are multiplied by
    written: dict[str, Any] = {}
    labels, entered = [], []
    removed = _part(document, "removed", list)
    for slug, before, own in _options(document.get("preset"), changes, added):
        if slug in removed:
            continue
        prefix = f"options.{slug}.serving."
        rate = _typed_rate(before)
        after = _after(before, own, rate)
        label = _label(document.get("preset", ""), slug, changes, added)
        labels.append(label)
        entered += [f"{label} keeps the {rate:,.5g} tokens a second and GPU that you entered"] if rate else []
        moved |= {prefix + old: (prefix + new, by) for old, new, by in _moved(before, rate)}
        if slug in added:
            added = {**added, slug: {**_without_least_servers(added[slug]), "serving": after}}
        elif own:
            if "model" in own:
                longest = catalogue.longest_request_of(str(before["model"]))
                written |= {f"options.{slug}.context_window_tokens": longest}
            written |= {prefix + name: value for name, value in after.items()}
            changes = {path: value for path, value in changes.items() if not path.startswith(prefix)}
    parts = {"changes": {**written, **changes}, "added": added, **_chances(document, moved)}
    given = {name: part for name, part in parts.items() if isinstance(document.get(name), type(part))}
    return {**document, **given, **({NOTES: notes} if (notes := _notes(labels, entered)) else {})}


def _part(document: Document, name: str, kind: type) -> Any:
    part = document.get(name)
    return part if isinstance(part, kind) else kind()


def _options(preset: Any, changes: Document, added: Document) -> Iterator[tuple[str, Document, set[str]]]:
    """(name, its serving as it was then, the fields of it that the document gives) of each option on GPUs."""
    for (of_preset, slug), (model, precision, gpu, gpus, anchor, basis) in PRESETS.items():
        prefix = f"options.{slug}.serving."
        if of_preset == preset and slug not in added:
            given = {path.removeprefix(prefix): value for path, value in changes.items() if path.startswith(prefix)}
            names = {"model": model, "precision": precision, "gpu": gpu, "gpus_per_replica": gpus}
            anchored = {f"anchor_{name}": value for name, value in zip(ANCHOR, anchor, strict=True)}
            of_preset_then = {**catalogue_then(names), **names, **anchored, "anchor_basis": basis}
            yield slug, {"serving_to_ceiling_frac": CEILING_FRAC, **of_preset_then, **given}, set(given)
    for slug, option in added.items():
        if isinstance(option, dict) and isinstance(option.get("serving"), dict):
            yield slug, option["serving"], set(option["serving"])


def _after(before: Document, own: set[str], rate: float) -> Document:
    """The serving of today: what the document gave and the catalogue did not, else what the catalogue says now."""
    then, now = catalogue_then(before), _catalogue_now(before)
    edited = {name for name in own & set(now) if before[name] != then.get(name)}
    if "kv_bytes_per_token" in edited:  # it stood for every layer
        now |= dict.fromkeys(("index_bytes_per_token", "sparse_read_tokens", "window_kv_bytes_per_token"), 0)
    for name, apart in (("bandwidth", "cache_bandwidth"), ("compute", "prefill")):
        if f"{name}_utilization_frac" in edited:  # one share stood for both
            now[f"{apart}_utilization_frac"] = before[f"{name}_utilization_frac"]
    measured = _measurement(before, rate)
    silent = {"standby": "none", "attention_parallel": "tensor"}
    others = {name: before[name] for name in own if name in Serving.model_fields}
    return {**silent, **others, **now, **{name: before[name] for name in edited}, **measured}


def _measurement(before: Document, rate: float) -> Document:
    limit = before["anchor_time_per_token_ms"] if rate else 0
    return {
        "measured_tok_per_s_per_gpu": rate,
        "measured_gpus": before.get("gpus_per_replica", 1) if rate else 1,
        "measured_input_tokens": before["anchor_input_tokens"] if rate else 1000,
        "measured_output_tokens": before["anchor_output_tokens"] if rate else 200,
        "measured_cached_frac": 0,
        "measured_time_per_token_ms": limit if limit < UNLIMITED_MS else 0,
        "measured_concurrency_requests": 0,
    }


def _typed_rate(before: Document) -> float:
    """Output tokens per second and GPU that the reader entered, brought down if it was a ceiling; 0: a catalogue's."""
    anchor: list[Any] = [before.get(f"anchor_{name}") for name in ANCHOR]
    if not all(isinstance(value, int | float) and 0 < value < INFINITE for value in anchor):
        return 0.0
    basis, frac = before.get("anchor_basis"), before.get("serving_to_ceiling_frac")
    known = basis != "roofline" and tuple(map(float, anchor)) in rates_then()
    if known or (basis == "roofline" and isclose(anchor[0], roofline_then(before, *anchor[1:]), rel_tol=1e-6)):
        return 0.0
    return anchor[0] * (frac if basis == "ceiling" and isinstance(frac, int | float) else 1.0)


def _catalogue_now(before: Document) -> Document:
    """What today's catalogue writes; for a model or GPU of the reader's own, what it writes for the nearest in size."""
    precision = next((known for known in WEIGHT_BYTES if known == before.get("precision")), "FP8")
    model = _known(OpenModel, before.get("model")) or _nearest(OpenModel, "total_params_b", before)
    gpu = _known(Gpu, before.get("gpu")) or _nearest(Gpu, "bandwidth_gb_per_s", before, "gpu_bandwidth_gb_per_s")
    now = {name: value for name, (value, _) in catalogue.served(model.name, precision, gpu.name).items()}
    return now | {name: before[name] for name in ("model", "gpu") if name in before}


def _known(kind: type, name: Any) -> Any:
    try:
        return named(kind, name) if isinstance(name, str) else None
    except ScenarioError:
        return None


def _nearest(kind: type, column: str, before: Document, field: str = "") -> Any:
    wanted = before.get(field or column)
    size = wanted if isinstance(wanted, int | float) and 0 < wanted < INFINITE else 1
    return min(rows(kind), key=lambda row: abs(log(getattr(row, column) / size)))


def _moved(before: Document, rate: float) -> Iterator[tuple[str, str, float]]:
    """(field, its new name, factor of its ends) of each number that what the reader said of chance goes on about."""
    anchor: Any = before.get("anchor_tok_per_s_per_gpu")
    if rate:
        yield "anchor_tok_per_s_per_gpu", "measured_tok_per_s_per_gpu", rate / anchor
        for name in ("input_tokens", "output_tokens", "time_per_token_ms"):
            yield f"anchor_{name}", f"measured_{name}", 1
    elif isinstance(anchor, int | float) and anchor > 0:
        yield "anchor_tok_per_s_per_gpu", "throughput_ratio", 1 / anchor
    frac = before.get("serving_to_ceiling_frac")
    if before.get("anchor_basis") == "ceiling" and isinstance(frac, int | float) and frac > 0:
        yield "serving_to_ceiling_frac", "throughput_ratio", 1 / frac


def _chances(document: Document, moved: Mapping[str, tuple[str, float]]) -> Document:
    """The reader's ranges and correlations, about the numbers of today."""
    ranges, given = {}, _part(document, "ranges", dict)
    for path, entry in given.items():
        if not _is_gone(path):
            ranges[path] = entry
        elif path in moved and isinstance(entry, list) and len(entry) == 3:
            new, by = moved[path]
            ends = [end * by if isinstance(end, int | float) else end for end in entry[:2]]
            ranges.setdefault(new, [*ends, entry[2]])
    pairs: dict[tuple[str, ...], Any] = {}
    kept = []
    for entry in _part(document, "correlations", list):
        if not (isinstance(entry, list) and len(entry) == 3 and any(map(_is_gone, entry[:2]))):
            kept.append(entry)
            continue
        joined = [moved.get(path, ("", 1))[0] if _is_gone(path) else path for path in entry[:2]]
        if all(isinstance(path, str) and path for path in joined) and joined[0] != joined[1]:
            pairs.setdefault(tuple(sorted(joined)), entry[2])
    return {"ranges": ranges, "correlations": [*kept, *([*pair, value] for pair, value in pairs.items())]}


def _is_gone(path: Any) -> bool:
    return isinstance(path, str) and path.split(".serving.")[-1].startswith(("anchor_", "serving_to_ceiling_frac"))


def _label(of_preset: str, slug: str, changes: Document, added: Document) -> str:
    if slug in added:
        return str(added[slug].get("label", slug))
    option = preset(of_preset).scenario.options.get(slug)
    return str(changes.get(f"options.{slug}.label", option.label if option else slug))


def _without_least_servers(option: Document) -> Document:
    return {"minimum_servers": 0, **option} if option.get("kind") == "on_prem" else option


def _notes(labels: list[str], entered: list[str]) -> list[str]:
    if not labels:
        return []
    told = (
        "Throughput is now worked out from what measurements say of each model on each GPU, so GPUs and costs may "
        f"differ from those you saved: {', '.join(labels)}."
    )
    return [told, *(f"{one}, as a measurement of your own." for one in entered)]
