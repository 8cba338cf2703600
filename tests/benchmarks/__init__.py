"""Benchmarks."""

import os

# As the command line sets it: idle threads of NumPy's library count as processor time, and hold up other processes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
