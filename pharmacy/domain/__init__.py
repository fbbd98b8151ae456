"""The textbook: every rule of the pharmacy as a pure function, standard library only."""
