"""Chaos: processes killed at random moments, disks that are full, clocks that jump, files that rot.

``python -m tests.chaos --rounds 200 --seed 1`` kills 200 times and says what it saw.
"""
