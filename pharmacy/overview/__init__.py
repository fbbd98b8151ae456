"""Looking back and finding: the patient's page, one find box, and what a printed document is."""
