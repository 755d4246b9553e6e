"""What the engine computes with: one number or one for each run, and arrays of them that say their own shape."""

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]  # mostly by month, shape (..., T+1): column 0 is today, 1 to T are month ends; or a mask of such
Value = float | Array  # a number, or an array of them with one column: shape () or (runs, 1)
