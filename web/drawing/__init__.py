"""What pages draw: bars along the time, maps, networks, offices, the picture of a page."""
