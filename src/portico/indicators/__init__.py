"""What the territory adds up to: access to places and people, from costs between points."""
