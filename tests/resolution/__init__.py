"""The measure of resolution: links made by hand, and how well the resolved events and people agree with them."""
