"""The gate: whether the shapes let a graph into the store, what they say of it if not, and where it is kept then."""
