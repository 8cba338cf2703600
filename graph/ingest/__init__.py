"""Ingest: from readings to committed articles, and all that the one writer keeps in mind between them."""
