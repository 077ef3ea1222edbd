"""Tests of the samples: their facts satisfy the forms' identities, their files are what the generator makes."""
