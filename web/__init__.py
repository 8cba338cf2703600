"""The dataset served over HTTP: SPARQL, linked data and the timeline. Reads published generations; never writes."""
