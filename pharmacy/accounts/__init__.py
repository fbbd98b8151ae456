"""The pharmacy sites, the people who work there, what each may do, and their electronic signatures."""
