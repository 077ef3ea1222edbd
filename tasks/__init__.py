"""What is done to filings, one module or package per step: plain functions, and thin tasks that wrap them."""
