"""The ambulatory pumps and the sheets they are programmed from."""
