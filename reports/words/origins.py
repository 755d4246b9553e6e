"""Where a value is from, in words."""

from costmodel.fields import Number
from pricing.dates import day
from pricing.origins import Origin
from reports.words.labels import said


def source_of(origin: Origin, spec: Number | None) -> str:
    """A source's title, of a quotation with its days; of the reader's own: 'Entered on 29 November 2026; was
    0.25 a year (its source, its date)'.

    Where it was read from files it names them: 'From usage-2026-10.csv, 1 to 31 October 2026; was ...'.
    """
    if not origin.yours:
        return origin.source
    if origin.quoted:
        until = f", valid until {day(origin.valid_until)}" if origin.valid_until else ""
        return f"{origin.source}, {day(origin.as_of)}{until}"
    how = "Entered" if spec else "Chosen"
    told = f"{how} on {day(origin.as_of)}" if origin.as_of else "Set in the scenario"
    told = f"From {origin.source}" if origin.source else told
    if origin.was is None:
        return told
    value, before = origin.was
    source = ", ".join(filter(None, (before.source.rstrip("."), before.as_of and day(before.as_of))))
    return f"{told}; was {said(value, spec)}{f' ({source})' if source else ''}"


def source_line(origin: Origin, spec: Number | None) -> str:
    """The same with date and confidence."""
    on, source = day(origin.as_of) if origin.as_of and not origin.yours else "", source_of(origin, spec)
    return dated(source.removesuffix("."), on, origin.confidence, sentence=source.endswith("."))


def dated(source: str, *more: str, sentence: bool) -> str:
    """A source, day and confidence: 'BLS, 31 May 2025, official'; behind a sentence in brackets."""
    told = ", ".join(filter(None, more))
    return f"{source} ({told})" if sentence and told else ", ".join(filter(None, (source, told)))
