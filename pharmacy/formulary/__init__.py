"""What may be compounded: products, master formulation records and adopted reference data."""
