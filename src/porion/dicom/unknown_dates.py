"""Dates that devices and software write when they know none: nobody was born or X-rayed on them."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

UNKNOWN_DATES = MappingProxyType(
    {
        date(1, 1, 1): "the least date of .NET",
        date(1601, 1, 1): "day zero of Windows file times",
        date(1753, 1, 1): "the least datetime of SQL Server",
        date(1800, 1, 1): "the least date of clinic software's date pickers",
        date(1858, 11, 17): "day zero of the modified Julian calendar",
        date(1899, 12, 30): "day zero of OLE dates, as NewTom GO (NNT) writes it",
        date(1899, 12, 31): "day zero of spreadsheets",
        date(1900, 1, 1): "day one of spreadsheets and the default of SQL Server",
        date(1901, 1, 1): "seen as birth date in archives",
        date(9999, 12, 31): "the greatest date of SQL",
    }
)
"""The date, and where it comes from."""
