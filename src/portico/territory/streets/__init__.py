"""Streets as graphs: who may pass where, how fast, and how long it takes from any point to any other."""
