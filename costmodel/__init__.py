"""Crossover's cost engine: what each way to run generative AI costs, month by month."""
