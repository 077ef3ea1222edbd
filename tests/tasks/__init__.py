"""Tests of what is done to filings."""
