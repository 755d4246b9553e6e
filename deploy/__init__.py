"""Crossover for a team on one machine: several processes behind nginx, one PostgreSQL."""
