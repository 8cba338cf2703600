"""The SPARQL endpoint: the protocol, what answers a query, its page; queries that are written already, with blanks."""
