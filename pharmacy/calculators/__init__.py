"""The rules as calculators: the same function answers the command line, the page and the tests."""
