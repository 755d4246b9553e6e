"""What a scenario is called and what it is about, on screen and in whatever leaves it."""

import dataclasses

from costmodel.numerals import numeral
from costmodel.scenario import Scenario
from costmodel.uncertainty.ranges import Range
from pricing.documents import Opened, as_preset
from pricing.presets import preset
from reports.words.measure import RATE, undiscounted
from reports.words.verdict import asked

OWN = "Own scenario"


def title(opened: Opened) -> str:
    """The name that its reader gave it or, as long as it is the preset, that of the preset."""
    return opened.name or (preset(opened.preset).label if as_preset(opened) else OWN)


def about(opened: Opened) -> str:
    """The reader's own sentence, else that of the preset as long as it holds, else what is asked."""
    return opened.about or (preset(opened.preset).about if as_preset(opened) else f"{described(opened.scenario)}.")


def decides(opened: Opened) -> str:
    """What the verdict of the preset hangs on, as long as nothing was changed; nothing after that."""
    return preset(opened.preset).decides if as_preset(opened) else ""


def as_paid(opened: Opened) -> Opened:
    """The same, undiscounted and still called what it is: for a reader who wants the cash as it is paid."""
    undrawn = {**opened.ranges, RATE: Range(0, 0, 0, "not_drawn")}
    plain = undiscounted(opened.scenario)
    return dataclasses.replace(opened, scenario=plain, ranges=undrawn, name=title(opened), about=about(opened))


def described(scenario: Scenario) -> str:
    """What is asked, and how long a request is."""
    workload = scenario.workload
    tokens_in, tokens_out = workload.input_tokens_per_request, workload.output_tokens_per_request
    return f"{asked(scenario)}, of {numeral(tokens_in, ',.0f')} tokens in and {numeral(tokens_out, ',.0f')} out"
