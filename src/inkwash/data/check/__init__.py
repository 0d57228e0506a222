"""Look over a folder of training pairs: counts, sizes, licences, histograms, worst pairs."""

from inkwash.data.check.measure import Measured, Problem, agreement
from inkwash.data.check.run import CheckConfig, CheckReport, check

__all__ = ["CheckConfig", "CheckReport", "Measured", "Problem", "agreement", "check"]
