"""The SPARQL 1.1 protocols, case by case, on a running server: written from the specifications, no files of others."""
