"""Tests of extraction: from a document to the records of its filing."""
