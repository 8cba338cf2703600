"""The events of a generation in order of time: filtered, counted, drawn near and far, and as files."""
