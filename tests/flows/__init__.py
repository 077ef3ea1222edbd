"""The flows, run against a Prefect server of the tests."""
