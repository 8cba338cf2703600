"""Tests of preparing articles elsewhere and keeping what was prepared."""
