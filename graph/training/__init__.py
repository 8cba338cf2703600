"""Trains the models in ``data/model`` from open corpora and annotated articles: ``parley train``.

Each step is a module with a function ``train(material, folder)`` that writes one model and returns figures measured on
material it did not train on. Seeds are fixed; the same material gives the same model.
"""
