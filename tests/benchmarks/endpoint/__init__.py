"""What the benchmark of the SPARQL endpoint is made of: a graph, queries, and the servers that answer them."""
