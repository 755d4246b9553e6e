"""Tokens by model: how many it makes of the workload's text, and how much of what it writes is hidden thinking.

Both are facts of a model's name. The first also depends on the kind of text and on whose tokens the workload counts.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from costmodel.option import Option
from costmodel.scenario import Scenario
from costmodel.settings import Workload
from pricing.assumptions import Assumption, switches
from pricing.facts import Fact, Reasoning, TokenizerFamily, TokenRatios, of_model, rows

TEXT = ("kind_of_text", "counted_with")  # fields of `workload` that token ratios follow from
FIGURES = ("token_ratio", "reasoning_frac")  # fields of an option that are facts of its model's name
DIGITS = 3  # of a ratio
RANK = ("judgement", "estimate")  # confidences weaker than that of a count, the weakest first


def figures(model: str, workload: Workload | None = None) -> Mapping[str, Assumption]:
    """Field of an option -> low, base and high for its model, at a workload's text or at the default one's."""
    text = text_of(workload) if workload else (switches()[f"workload.{name}"].value for name in TEXT)
    return _figures(model, *text)


def of(option: Option, workload: Workload) -> Mapping[str, Assumption]:
    """The figures of an option's own model; none where the option hands its demand on."""
    return of_text(option, text_of(workload))


def text_of(workload: Workload) -> tuple[str, ...]:
    """What token ratios follow from, in the order of `TEXT`."""
    return tuple(getattr(workload, name) for name in TEXT)


def of_text(option: Option, text: tuple[str, ...]) -> Mapping[str, Assumption]:
    """The figures of an option's own model at such a text."""
    return _figures(option.model_name(), *text) if option.counts_tokens() else {}


def family_of(model: str) -> TokenizerFamily:
    """The row that says whose tokenizer a model has."""
    return next(of_model(TokenizerFamily, model))


def counted_anew(scenario: Scenario, changes: Mapping[str, Any]) -> dict[str, Any]:
    """`changes` of a scenario; where they change its text, with the ratio that each option has then.

    An option whose ratio is not what the catalogue gives for the text of before keeps it: it is the reader's.
    """
    text = {path: value for path, value in changes.items() if path in {f"workload.{name}" for name in TEXT}}
    after = scenario.vary(text).workload
    found = {}
    option: Any
    for slug, option in scenario.options.items() if text else ():
        if option.counts_tokens():
            was, will_be = (of(option, each)["token_ratio"].base for each in (scenario.workload, after))
            if option.token_ratio == was:
                found[f"options.{slug}.token_ratio"] = will_be
    return {**found, **changes}


@cache
def _figures(model: str, kind_of_text: str, counted_with: str) -> Mapping[str, Assumption]:
    return {
        "token_ratio": _token_ratio(family_of(model), kind_of_text, counted_with),
        "reasoning_frac": _reasoning_frac(next(of_model(Reasoning, model))),
    }


def _token_ratio(named: TokenizerFamily, kind_of_text: str, counted_with: str) -> Assumption:
    """Tokens of the model's tokenizer for one of that which the workload was counted with; each within its band."""
    own, counted = _ratios(named.family), _ratios(counted_with)
    same = own is counted
    more, less = getattr(own, kind_of_text), getattr(counted, kind_of_text)
    off, off_counted = (0, 0) if same else (own.band, counted.band)
    return _assumption(
        "token_ratio",
        "ratio",
        ((more - off) / (less + off_counted), more / less, (more + off) / (less - off_counted)),
        own,
        min((own, named), key=lambda fact: _weight(fact.confidence)).confidence,
        f"{named.why} " + ("The workload is counted in its tokens." if same else own.why),
    )


def _reasoning_frac(row: Reasoning) -> Assumption:
    return _assumption("reasoning_frac", "share", (row.low, row.base, row.high), row, row.confidence, row.why)


def _assumption(path: str, unit: str, ends: Iterable[float], fact: Fact, confidence: str, why: str) -> Assumption:
    """A row like those of assumptions.csv, from a row of the facts; what has no width is not drawn."""
    low, base, high = (round(end, DIGITS) for end in ends)
    return Assumption(
        path=path,
        low=low,
        base=base,
        high=high,
        unit=unit,
        distribution="pert" if low < high else "not_drawn",
        confidence=confidence,
        why=why,
        **fact.model_dump(include={"source", "source_url", "as_of", "checked_on"}),
    )


def _weight(confidence: str) -> int:
    return RANK.index(confidence) if confidence in RANK else len(RANK)


def _ratios(family: str) -> TokenRatios:
    return next(row for row in rows(TokenRatios) if row.family == family)
