"""What stands on the shelf: lots with their expiry, and stock as movements that are only ever added."""
