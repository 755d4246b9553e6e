"""Files in, points and curves out: the one road for the command line and for what is uploaded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from benchmarks.curves import Anchor, Curve, Targets, curves, terms
from benchmarks.documents import Document, document
from benchmarks.fields import name
from benchmarks.measurement import Measurement
from benchmarks.readers import CONFIG, SYSTEM, inference_perf, mlperf, recognise
from costmodel.numerals import numeral
from intake.errors import Beside, Refusal
from intake.fields import labels, shown


@dataclass(frozen=True)
class Read:
    """What one file holds: its points, or what it describes where it has none."""

    name: str
    format: str
    points: tuple[Measurement, ...]


@dataclass(frozen=True)
class Reading:
    """What a number of files hold together."""

    files: tuple[Read, ...]
    curves: tuple[Curve, ...]
    refusals: tuple[str, ...]  # a sentence for each file that could not be read
    aside: tuple[str, ...]  # and for each that lies beside a result that was read

    @property
    def points(self) -> tuple[Measurement, ...]:
        """All points, in the order of the files."""
        return tuple(point for file in self.files for point in file.points)

    @property
    def anchor(self) -> Anchor | None:
        """The point that sizing may start from, when the files leave no choice."""
        found = [curve.anchor for curve in self.curves if curve.anchor]
        return found[0] if len(found) == 1 else None

    @property
    def asks_gpus(self) -> bool:
        """Whether the number of GPUs has to be entered before a rate per GPU is known."""
        return any(point.gpus is None for point in self.points)

    def terms(self) -> dict[str, Any]:
        """Everything for `--json`."""
        return {
            "benchmarks": {
                name: {
                    "format": file.format,
                    "points": [point.terms() for point in file.points],
                    "note": " ".join(dict.fromkeys(told for point in file.points for told in point.sentences)),
                }
                for name, file in zip(labels(self.files), self.files, strict=True)
            },
            "curves": [terms(curve) for curve in self.curves],
            "refusals": list(self.refusals),
            "aside": list(self.aside),
        }


def read(
    files: Iterable[tuple[str, bytes]],
    gpus: int | None = None,
    time_per_token_ms: float | None = None,
    first_token_ms: float | None = None,
) -> Reading:
    """The points of benchmark result files, given as (name, content).

    gpus: on how many GPUs the model ran, for files that do not say; it also stands above GPUs that were only seen.
    time_per_token_ms, first_token_ms: medians that the anchor has to keep.
    No file stops another: what cannot be read is a sentence in `refusals`.
    """
    found: list[tuple[str, str, list[Measurement]]] = []
    about: dict[str, list[Document]] = {SYSTEM: [], CONFIG: []}
    refusals: list[str] = []
    aside: list[str] = []
    for file, content in files:
        try:
            opened = document(file, content)
            reader = recognise(opened)
            points = reader.read(opened) if reader.read else []
        except Refusal as refusal:
            (aside if isinstance(refusal, Beside) else refusals).append(f"{shown(file)} {refusal}")
            continue
        found.append((file, points[0].format if points else reader.describes, points))
        if not points:
            about[reader.describes].append(opened)
    logs = any(told == mlperf.LOG for _, told, _ in found)
    read_files = []
    for file, told, points in found:
        known = tuple(_completed(point, about, gpus, logs) for point in points)
        read_files.append(Read(file, known[0].format if known else told, known))
    every = [point for file in read_files for point in file.points]
    if not every:
        refusals, aside = refusals + aside, []
        if found:
            refusals.append("What was given describes runs and measures none; give the results as well.")
    lines = curves(every, Targets(time_per_token_ms, first_token_ms))
    return Reading(tuple(read_files), tuple(lines), tuple(refusals), tuple(aside))


def _completed(point: Measurement, about: dict[str, list[Document]], gpus: int | None, logs: bool) -> Measurement:
    """The point with what other files and the reader know of it."""
    if point.format.startswith(inference_perf.FORMAT) and len(about[CONFIG]) == 1:
        point = replace(point, model=name(about[CONFIG][0].objects[0], "server", "model_name"))
    if point.format in (mlperf.LOG, mlperf.ENDPOINTS):
        point = _on_system(point, about[SYSTEM], logs)
    remarks = point.remarks
    if gpus and point.gpus not in (None, gpus):
        said, entered = numeral(point.gpus, ","), numeral(gpus, ",")
        remarks += (f"The file says {said} GPUs, which stands above the {entered} entered.",)
    if not point.gpus and not gpus and point.gpus_seen:
        seen = numeral(point.gpus_seen, ",")
        remarks += (f"{seen} GPUs were seen on the machine; enter another number if not all of them ran it.",)
    return replace(point, gpus=point.gpus or gpus or point.gpus_seen, remarks=remarks)


def _on_system(point: Measurement, systems: Sequence[Document], logs: bool) -> Measurement:
    """The point with the GPUs of the system that its folders name, or of the only one there is.

    That one is taken to be LoadGen's where both kinds of run are given.
    """
    named = [system for system in systems if mlperf.belongs(system, point.file)]
    chosen = named or ([] if logs and point.format != mlperf.LOG else systems)
    if len(chosen) != 1:
        return point
    told = f" (with {PurePath(chosen[0].name).name})" if point.format == mlperf.LOG else ""
    return replace(point, gpus=mlperf.gpus(chosen[0].objects[0]), format=point.format + told)
