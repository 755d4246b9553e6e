"""Whether an option is sized from a speed that the reader measured, and whether that is a lower bound."""

from costmodel.serving import Serving


def is_measured(serving: Serving) -> bool:
    """Whether the option is sized from a measurement of the reader's."""
    return serving.measured_tok_per_s_per_gpu > 0


def is_bound(serving: Serving) -> bool:
    """Whether it is sized from a measurement of the reader's that is a lower bound."""
    return is_measured(serving) and serving.measured_is_lower_bound


def a_bound(serving: Serving) -> str:
    """What is added to a word on the reader's measurement where it is a lower bound."""
    return ", a lower bound" if is_bound(serving) else ""
