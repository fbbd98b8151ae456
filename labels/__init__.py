"""What is printed: a dataclass of finished strings in, PDF bytes out; knows nothing of the pharmacy."""
