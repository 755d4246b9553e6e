"""Benchmark result files of the field's tools, as points in one set of terms and as one measurement to size from."""

from benchmarks.reading import Reading, read

__all__ = ["Reading", "read"]
