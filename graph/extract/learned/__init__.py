"""What the extractor learned from examples: a parser and taggers, read from ``data/model`` when first needed."""
