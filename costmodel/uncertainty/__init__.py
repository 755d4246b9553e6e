"""How sure a comparison is: ranges and draws, Monte Carlo, tornado, drivers, flips, heat maps and the best mix.

Everything here is `vary` with arrays and `compare`; only how the arrays are chosen and what is counted differs.
"""
