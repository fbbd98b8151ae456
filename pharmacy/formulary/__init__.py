"""What may be compounded: products, master formulation records and the reference data the site has adopted."""
