"""Photos and documents that a record keeps, each as its bytes under their digest."""
