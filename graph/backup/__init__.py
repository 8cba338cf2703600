"""Backups of a dataset, and how one becomes a dataset again."""
