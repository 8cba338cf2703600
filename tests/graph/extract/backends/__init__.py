"""Tests of the back-ends of extraction."""
