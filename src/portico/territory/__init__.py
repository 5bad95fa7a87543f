"""Where things are, and how far apart: sites and places as layers, travel minutes as estimates with a range."""
