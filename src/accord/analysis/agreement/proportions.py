"""Shares of counted cases with their intervals."""

from math import sqrt

from accord.domain.agreement import Figure, Measured, Undefined

_Z = 1.959963984540054


def wilson(hits: int, n: int, *, none: str) -> Figure:
    """Return hits / n with the 95% score interval of E. B. Wilson (JASA 22, 1927); undefined, for ``none``, at n 0."""
    if not n:
        return Undefined(reason=none)
    share, z2 = hits / n, _Z**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n**2))
    ends = (max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < n else 1.0)
    return Measured(value=share, ci95=ends, n=n)
