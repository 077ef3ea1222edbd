"""Tests of the rules of wording, naming, numbering and structure."""
