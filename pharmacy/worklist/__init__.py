"""What waits for this person, for whom, and how late."""
