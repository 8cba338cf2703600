"""What keeps a dataset: backups, verification, rebuilding, and what differs between two states of it."""
