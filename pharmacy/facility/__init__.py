"""Who may compound, and where: competencies, rooms and hoods with their certifications and readings."""
