"""Where every value of a scenario is from: a dated source, a judgement of this product, or the reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from costmodel.scenario import Scenario
from pricing.assumptions import switches
from pricing.documents import Opened
from pricing.evidence import Evidence, all_evidence
from pricing.facts import STALE_AFTER_DAYS
from pricing.presets import Preset, preset

JUDGEMENT, YOURS = "judgement", "yours"  # confidences; those of dated sources are in `facts.Fact`
OF_OURS = "Crossover's own judgement"  # as assumptions.csv names it, so that all such are one source
# A source beside the files and days that values were read from: nobody said this, it was worked out of what they say.
GROWN = "ten times the busiest hour of today, since providers raise a limit as an account uses more: not known"


@dataclass(frozen=True)
class Origin:
    """A source with its address, date and confidence, why, and the range of an assumption.

    Of a value that is `yours` the source are the files and days that it was read from, if any, `as_of` is the day on
    which it was entered, as far as that is known, and `was` what stood there before: (value, its origin). Of one that
    is `quoted` the source is who quoted it, with the day of the quotation and the last on which that is valid. Of a
    judgement for a preset the source is the reason.
    """

    source: str
    source_url: str = ""
    as_of: date | None = None
    confidence: str = ""
    why: str = ""
    low: float | None = None
    high: float | None = None
    was: "tuple[Any, Origin] | None" = None
    valid_until: date | None = None
    quoted: bool = False

    @property
    def yours(self) -> bool:
        """Whether the value is the reader's own."""
        return self.confidence == YOURS

    def is_stale(self, on: date) -> bool:
        """Whether the figure is older than the product tolerates without a mark; the reader's own never is."""
        return not self.yours and self.as_of is not None and (on - self.as_of).days > STALE_AFTER_DAYS


def origins(opened: Opened, wanted: Sequence[str]) -> dict[str, Origin]:
    """Path -> origin of its value. What is chosen in a catalogue is the catalogue's, an edit on top the reader's."""
    scenario, base = opened.scenario, preset(opened.preset)
    found, result = all_evidence(scenario, wanted, opened.own), {}
    for path in wanted:
        source, known = found.get(path), _has(base.scenario, scenario, path)
        read_from = opened.imported.get(path, "")
        if read_from == GROWN:
            why = f"{GROWN[:1].upper()}{GROWN[1:]}."
            result[path] = Origin(OF_OURS, as_of=opened.entered.get(path), confidence=JUDGEMENT, why=why)
            continue
        if source and source.unchanged and not read_from:
            result[path] = _of(source)
        elif known and base.scenario[path] == scenario[path] and not read_from:
            result[path] = _of_preset(base, path)
        elif not known and (usual := _switch(scenario, path)) and usual[0] == scenario[path]:
            result[path] = usual[1]
        else:
            before = _before(base, path, source, known) or _switch(scenario, path)
            result[path] = Origin(read_from, as_of=opened.entered.get(path), confidence=YOURS, was=before)
    return result


def _has(base: Scenario, scenario: Scenario, path: str) -> bool:
    """Whether a path of the scenario means the same in its preset: not in an option of another kind."""
    if not path.startswith("options."):
        return True
    slug = path.split(".")[1]
    return slug in base.options and base.options[slug].kind == scenario.options[slug].kind


def _before(base: Preset, path: str, source: Evidence | None, known: bool) -> tuple[Any, Origin] | None:
    """What the source says, unless the preset, where it has the path, had gone another way from the same source."""
    usual = all_evidence(base.scenario, [path]).get(path) if known else None
    same = source is not None and usual is not None and (source.fact, source.value) == (usual.fact, usual.value)
    if source and not same:
        return source.value, _of(source)
    if known:
        return base.scenario[path], _of(usual) if usual and usual.unchanged else _of_preset(base, path)
    return None


def _of(source: Evidence) -> Origin:
    fact = source.fact
    return Origin(fact.source, fact.source_url, fact.as_of, fact.confidence, fact.why, low=source.low, high=source.high,
                  valid_until=fact.valid_until, quoted=fact.confidence == YOURS)  # fmt: skip


def _of_preset(base: Preset, path: str) -> Origin:
    """The judgement behind a value of the preset: its own reason, that of the switch, or that of the whole option."""
    if path not in base.reasons and (usual := _switch(base.scenario, path)) and usual[0] == base.scenario[path]:
        return usual[1]
    option = ".".join(path.split(".")[:2])
    return Origin(base.reasons.get(path) or base.reasons.get(option, ""), confidence=JUDGEMENT)


def _switch(scenario: Scenario, path: str) -> tuple[Any, Origin] | None:
    """(value, origin) of what is not a number where nobody chose otherwise."""
    name = path
    if path.startswith("options."):
        _, slug, within = path.split(".", 2)
        name = f"{scenario.options[slug].kind}.{within}"
    row = switches().get(name)
    return (row.typed, Origin(row.why, confidence=JUDGEMENT)) if row else None
