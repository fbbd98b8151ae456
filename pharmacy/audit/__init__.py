"""The record that cannot be quietly changed: what was done, refused and read, by whom, when and why."""
