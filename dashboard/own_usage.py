"""The reader's usage files: read in this session's memory, told, and taken into the scenario."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import messages, state
from dashboard.long_reads import stopped, waiting
from dashboard.messages import Entry
from usage import Reading, read
from usage.bill import Bill, bill
from usage.division import BY_MODEL, By
from usage.hints import Hints
from usage.reading import columns
from usage.tally import Key
from usage.teams import label
from usage.times import named_month
from usage.today import of_files, taken
from usage.workload import Found, workload

KEPT = "usage"
MOST_MB = 200  # of one file, which the browser sends into memory; larger ones: python -m usage


@dataclass(frozen=True)
class Said:
    """What only the reader knows: the zone of a clock, the month of a report, what usage is divided by, and, for a file
    of that name, which column is which."""

    zone: str = "UTC"
    month: str = ""
    by: By = BY_MODEL
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Usage:
    """What was read: the cells of the files and nothing else of them, and the headings of files that are not known.

    `uploads` are the ids that Streamlit gave the files, so that none is read twice.
    """

    reading: Reading
    headings: Mapping[str, Sequence[str]]
    said: Said
    uploads: tuple[str, ...]


def drop(label: str, key: str, help: str) -> Sequence[Any]:
    """The place where files are dropped."""
    return st.file_uploader(label, accept_multiple_files=True, key=key, help=help, max_upload_size=MOST_MB)


def kept() -> Usage | None:
    """What was read in this session; None before, and once it is forgotten."""
    return st.session_state.get(KEPT)


def forget() -> None:
    """Drop all that was read."""
    st.session_state.pop(KEPT, None)


def take_files(files: Sequence[Any], said: Said) -> Usage | None:
    """Read uploaded files, once, and keep what they say, not the files; None where the reader stopped that.

    Files that cannot be read do not take the place of earlier ones: what those say stays.
    """
    before, uploads = kept(), tuple(file.file_id for file in files)
    if before and (before.uploads, before.said) == (uploads, said):
        return before
    if stopped() and stopped().uploads == uploads:
        return None
    contents = [(file.name, file.getvalue()) for file in files]
    plainly = Hints(zone=ZoneInfo(said.zone), month=named_month(said.month), by=said.by)
    special = {name: replace(plainly, columns=dict(chosen)) for name, chosen in said.columns.items() if chosen}
    with st.spinner("Reading the files"), waiting(uploads) as watch:
        reading = read(contents, plainly, datetime.now(UTC), special, watch)
    if before and not reading.files and not {*uploads} & {*before.uploads}:
        reading = replace(before.reading, refusals=reading.refusals, aside=reading.aside)
    unread = {*(name for name, _ in contents)} - {file.name for file in reading.files}
    named = [(name, content) for name, content in contents if name in unread or name in said.columns]
    st.session_state[KEPT] = Usage(reading, {name: columns(name, content) for name, content in named}, said, uploads)
    return st.session_state[KEPT]


def chosen(names: Collection[str], by: By = BY_MODEL) -> Callable[[Key], bool]:
    """What to keep where only some models or teams are wanted; everything where none is named."""
    name_of = label(by)
    return lambda key: not names or name_of(key) in names


def put_on_screen(usage: Usage, keep: Callable[[Key], bool], found: Found, met: Bill,
                  discount_frac: float | None, at: str) -> bool:  # fmt: skip
    """Take the workload and what runs today into the scenario, as one edit that can be undone."""
    today = of_files(usage.reading, found, met, keep, discount_frac)
    return state.attempt(lambda: taken(state.current(), today, date.today()), Entry(at))


def straight(usage: Usage, at: str) -> bool:
    """From files to the overview in one step, or one sentence on what has to be asked first."""
    found = workload(usage.reading)
    if found is None or "requests_per_month" not in found.values:
        why = usage.reading.refusals or (
            ("These files hold no usage with a time: give the usage report too.",) if found is None else
            tuple(f.told for f in found.unknown if f.field == "requests_per_month")
        )  # fmt: skip
        messages.refuse(" ".join(why), Entry(at))
        return False
    return put_on_screen(usage, chosen(()), found, bill(usage.reading), None, at)
