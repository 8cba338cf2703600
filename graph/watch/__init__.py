"""Watching: feeds and an inbox are looked at for ever, and what is new is ingested and published.

``graph.watch.watcher`` watches; ``graph.watch.state`` is what it knows, for those who report it.
"""
