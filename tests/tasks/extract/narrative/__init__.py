"""Tests of reading the narrative."""
