"""How sure a comparison is: ranges, draws, Monte Carlo, tornado, drivers, switching values, heat maps, the best mix.

Everything here is `vary` with arrays and `compare`; only how the arrays are chosen and what is counted differs.
"""
