"""The sample pharmacy: invented people and a real therapy, to try everything with."""
