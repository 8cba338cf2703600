"""The server: connections, bytes on their way in and out, processes."""
