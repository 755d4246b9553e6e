"""A value axis with round bounds and steps, for charts that are drawn here and not in the browser."""

import math
from dataclasses import dataclass

from reports.words.money import symbol

STEPS = (1, 2, 2.5, 5, 10)
TICKS = 5


@dataclass(frozen=True)
class Axis:
    """Round bounds of a value axis, with the step between its ticks and how a spreadsheet writes them."""

    low: float
    high: float
    step: float
    format: str

    def share(self, value: float) -> float:
        """Where a value lies between the bounds, 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """The values at which the axis is marked, both bounds included."""
        return [self.low + i * self.step for i in range(round((self.high - self.low) / self.step) + 1)]


def axis_of(lowest: float, highest: float) -> Axis:
    """An axis of about five round steps that holds zero and all values, amounts in the currency shown."""
    low, high = min(0.0, lowest), max(0.0, highest)
    span = (high - low) or 1.0
    power = 10 ** math.floor(math.log10(span / TICKS))
    step = next(power * step for step in STEPS if power * step * TICKS >= span * 0.999)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    scale, letter = next(((s, c) for s, c in ((1e9, "B"), (1e6, "M"), (1e4, "k")) if max(high, -low) >= s), (1, ""))
    shown = step / (1e3 if letter == "k" else scale)
    decimals = next((d for d in (0, 1, 2) if math.isclose(shown, round(shown, d), rel_tol=1e-9)), 3)
    commas = {"B": ",,,", "M": ",,", "k": ",", "": ""}[letter]
    pattern = f"#,##0{'.' + '0' * decimals if decimals else ''}{commas}"
    shape = f'"{symbol()}"{pattern}"{letter}"' if letter else f'"{symbol()}"{pattern}'
    return Axis(low, high or step, step, f'{shape};\u2212{shape};"{symbol()}"0')
