"""Crossover's cost engine: what each way to run generative AI costs, month by month."""

__version__ = "1.0.0"
