"""What the prescriber ordered: orders and their versions, verification, and what a change asks for."""
