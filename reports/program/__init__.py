"""The engine as a compact program: the recorded graph as JSON, and a small interpreter of it in JavaScript."""

from reports.program.printed import MODEL_JS, RESULTS_JS, WORDS_JS, program, values

__all__ = ["MODEL_JS", "RESULTS_JS", "WORDS_JS", "program", "values"]
