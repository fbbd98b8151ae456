"""What follows when an order changes: everything it makes invalid, each with the action it needs."""
