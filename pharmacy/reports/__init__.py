"""What a manager sees: errors that were intercepted, waste, who did how much when, and how long work took."""
