"""How bags reach the door: a day's stops, packing by scanning, manifests and proof of delivery."""
