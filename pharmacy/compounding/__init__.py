"""How bags are made: worksheets, scans, the independent check, labels, inspection and release."""
