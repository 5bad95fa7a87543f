"""Methods that rank alternatives on criteria: pure functions on arrays, and the spec and table they read."""
