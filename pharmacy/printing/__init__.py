"""What was printed: each paper with its own serial, copy number, reason and exact bytes."""
