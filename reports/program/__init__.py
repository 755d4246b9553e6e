"""The engine as a compact program: the recorded graph as JSON, and a small interpreter of it in JavaScript."""

from reports.program.printed import SCRIPT, program, values

__all__ = ["SCRIPT", "program", "values"]
