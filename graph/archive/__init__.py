"""The archive: whatever was read, as it was read."""
