"""Things and their documents, the whole of a generation, and its changes, as data for machines that follow links."""
