"""Tests of the rules: their declarations, their SQL, their suites."""
