"""One point that a benchmark measured, in the same terms for every tool, and what may be concluded from it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from costmodel.numerals import numeral

Basis = Literal["closed_loop", "open_loop", "ceiling", "single_request", "slo"]

MOST_FAILED_FRAC = 0.01  # above it the requests that failed may be the hard ones
FEWEST_LATENCIES = 10  # shorter than so many requests one after another, start and end weigh more than a tenth
CUT_OFF_FRAC = 0.1  # tokens of unfinished requests that may be left out of the rate without a word
BEHIND_FRAC = 0.9  # a rate below this share of what was asked for: the server did not keep up
QUEUE_MS = 1_000.0  # ... and a median wait for the first token from here on: requests queue
SERVING_TO_CEILING = 0.5  # a rate with everything queued against one that answers in time: 0.3 to 0.9, a judgement


@dataclass(frozen=True, kw_only=True)
class Load:
    """How requests were sent: at so many a second (None: as soon as allowed), at most so many at once (None: all)."""

    rate_per_s: float | None = None
    limit: float | None = None
    requests: float | None = None
    replayed: bool = False  # at times of a recorded trace

    def basis(self, achieved_per_s: float | None, ttft_ms: float | None, in_flight: float | None) -> tuple[Basis, str]:
        """What kind of load it turned out to be, and in words."""
        if self.limit == 1:
            return "single_request", "one request at a time"
        if self.replayed:
            return "open_loop", "open loop: requests at the times of a recorded trace"
        reached = self.requests is None or self.requests >= (self.limit or 0)
        if self.rate_per_s is None:
            if self.limit and reached:
                is_below = in_flight and in_flight < 0.99 * self.limit
                average = f", {numeral(in_flight, ',.1f')} on average" if is_below else ""
                return "closed_loop", f"closed loop: {numeral(self.limit, ',.0f')} requests at once{average}"
            return "ceiling", "everything sent at once: a ceiling with a queue"
        behind = achieved_per_s is not None and achieved_per_s < BEHIND_FRAC * self.rate_per_s
        full = behind if in_flight is None else in_flight >= BEHIND_FRAC * (self.limit or float("inf"))
        asked = f"{numeral(self.rate_per_s, ',.4g')} requests/s"
        if self.limit and full:
            held = numeral(self.limit, ",.0f")
            return "closed_loop", f"{asked} asked for, held at {held} requests at once: a closed loop"
        if behind and (ttft_ms or 0) >= QUEUE_MS:
            return (
                "ceiling",
                f"{asked} asked for, {numeral(achieved_per_s, ',.4g')} served with a growing queue: a ceiling",
            )
        return "open_loop", f"open loop at {asked}: a load, not a capacity"


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One point. None: the file does not say.

    Rates are of successful requests over the whole measured time, lengths are tokens of completed requests divided by
    their number, `tpot_ms_median` is the time for each token after the first.
    """

    file: str
    format: str
    model: str | None = None
    output_tokens_per_second: float
    gpus: int | None = None
    gpus_seen: int | None = None  # on the machine, used or not
    input_tokens_per_request: float | None = None
    output_tokens_per_request: float | None = None
    concurrency: float | None = None
    tpot_ms_median: float | None = None
    ttft_ms_median: float | None = None
    basis: Basis | None = None
    basis_note: str = "the file does not say how requests were sent"
    requests_per_second: float | None = None
    completed: float | None = None
    failed: float | None = None
    duration_s: float | None = None
    latency_ms_median: float | None = None
    cached_input_share: float | None = None
    output_tokens_per_second_with_unfinished: float | None = None
    published_tokens_per_second: float | None = None
    tokens_per_counted_token: float = 1.0  # the server's tokens for each that the client counted
    invalid: tuple[str, ...] = ()  # why the tool's own words rule it out
    remarks: tuple[str, ...] = field(default=())

    @classmethod
    def under(cls, load: Load | None, in_flight: float | None = None, **measured: Any) -> "Measurement":
        """A point with what kind of load it turned out to be; None: the file does not say how requests were sent.

        `in_flight`: requests at once on average. Where no `concurrency` was measured, it is the limit that held them.
        """
        if load is None:
            return cls(**measured)
        basis, note = load.basis(measured.get("requests_per_second"), measured.get("ttft_ms_median"), in_flight)
        held = load.limit if basis in ("closed_loop", "single_request") else None
        return cls(basis=basis, basis_note=note, **{**measured, "concurrency": measured.get("concurrency") or held})

    @property
    def output_tokens_per_second_per_gpu(self) -> float | None:
        return None if self.gpus is None else self.output_tokens_per_second / self.gpus

    @property
    def time_per_token_ms(self) -> float | None:
        """Median time for each of the server's tokens after the first."""
        return None if self.tpot_ms_median is None else self.tpot_ms_median / self.tokens_per_counted_token

    @property
    def serving_tokens_per_second(self) -> float:
        """The rate, a ceiling brought down to what can be served without a queue."""
        return self.output_tokens_per_second * (SERVING_TO_CEILING if self.basis == "ceiling" else 1)

    @property
    def obstacles(self) -> list[str]:
        """Sentences on why this is no capacity whatever else was measured; none when it can be one."""
        told = list(self.invalid)
        if self.basis == "single_request":
            told.append("One request at a time shows how fast an answer is, not what the server can carry.")
        if self.basis is None:
            told.append("The file does not say how requests were sent, so its rate may be a load and no capacity.")
        attempted = (self.completed or 0) + (self.failed or 0)
        if attempted and self.failed and self.failed / attempted > MOST_FAILED_FRAC:
            told.append(
                f"{numeral(self.failed, ',.0f')} of {numeral(attempted, ',.0f')} requests failed, more than "
                f"{MOST_FAILED_FRAC * 100:.0f} %; measure again once they succeed."
            )
        return told

    @property
    def sentences(self) -> list[str]:
        """Everything that somebody who uses this point should know."""
        told = self.obstacles
        if self.basis == "open_loop":
            told.append(
                "Requests came at a rate of their own and no queue grew, so this is a load and no capacity; "
                "measure the next rate up as well."
            )
        if self.basis == "ceiling":
            told.append(f"A ceiling with a queue; about {SERVING_TO_CEILING * 100:.0f} % of it can be served in time.")
        return [*told, *self._timing(), *self.remarks]

    @property
    def is_lower_bound(self) -> bool:
        """Whether the server could do more: it kept up with its load, or start and end weigh on the rate."""
        return self.basis == "open_loop" or self._is_short or self._is_cut_off

    @property
    def _is_short(self) -> bool:
        latency_s = (self.latency_ms_median or 0) / 1e3
        return 0 < (self.duration_s or 0) < FEWEST_LATENCIES * latency_s

    @property
    def _is_cut_off(self) -> bool:
        whole = self.output_tokens_per_second_with_unfinished or self.output_tokens_per_second
        return whole - self.output_tokens_per_second > CUT_OFF_FRAC * self.output_tokens_per_second

    def _timing(self) -> list[str]:
        told = []
        if self._is_short:
            latency = numeral(self.latency_ms_median / 1e3, ",.3g")
            told.append(
                f"The run of {numeral(self.duration_s, ',.4g')} s is too short for requests of {latency} s: "
                "start and end weigh on the rate, which is a lower bound."
            )
        if self._is_cut_off:
            whole = numeral(self.output_tokens_per_second_with_unfinished, ",.4g")
            told.append(
                f"With requests that the end of the run cut off it made {whole} tokens a second: "
                "the run was too short for so many at once."
            )
        if self.failed and self.failed / ((self.completed or 0) + self.failed) <= MOST_FAILED_FRAC:
            failed, attempted = numeral(self.failed, ",.0f"), numeral(self.completed + self.failed, ",.0f")
            told.append(f"{failed} of {attempted} requests failed.")
        if self.cached_input_share:
            told.append(f"{self.cached_input_share * 100:.0f} % of the input tokens came from a prefix cache.")
        return told

    def terms(self) -> dict[str, Any]:
        """The point for `--json`: every key with its unit in its name, null where the file does not say."""
        told = {
            "model": self.model,
            "output_tokens_per_second": self.output_tokens_per_second,
            "gpus": self.gpus,
            "output_tokens_per_second_per_gpu": self.output_tokens_per_second_per_gpu,
            "input_tokens_per_request": self.input_tokens_per_request,
            "output_tokens_per_request": self.output_tokens_per_request,
            "concurrency": self.concurrency,
            "tpot_ms_median": self.tpot_ms_median,
            "ttft_ms_median": self.ttft_ms_median,
            "basis": self.basis,
            "requests_per_second": self.requests_per_second,
            "basis_note": self.basis_note,
        }
        more = {
            "failed": self.failed,
            "cached_input_share": self.cached_input_share,
            "output_tokens_per_second_with_unfinished": self.output_tokens_per_second_with_unfinished,
            "published_tokens_per_second": self.published_tokens_per_second,
        }
        told |= {key: value for key, value in more.items() if value}
        return {key: rounded(value) for key, value in told.items()} | {"sentences": self.sentences}


def rounded(value: Any) -> Any:
    """Ten digits are enough, and whole numbers are shown as such."""
    if not isinstance(value, float):
        return value
    value = float(f"{value:.10g}")
    return int(value) if value == int(value) else value
