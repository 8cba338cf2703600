"""A synthetic timeline of any size, and its dataset."""
