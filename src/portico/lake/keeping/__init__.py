"""Looking after what is kept: what may go, whether all of it is whole, and taking a copy elsewhere."""
