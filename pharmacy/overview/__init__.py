"""Looking back and finding: the patient's page, one find box, and the two-way trace."""
