"""The program of a worker process, which runs queries of others in a cage. It loads little but the engine."""
