"""When this process began, as nearly as it can tell. Imported first, and nothing else."""

from time import monotonic

STARTED = monotonic()
