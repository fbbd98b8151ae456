"""What every route shares: the session, the person, this instant, permissions, forms and errors."""
