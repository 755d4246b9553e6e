"""The constants of replicas, fitted to public measurements: sweeps, ceilings and audited results together.

`python -m pricing.calibration` writes `pricing/facts/serving_constants.csv` anew from the fact tables.
"""
