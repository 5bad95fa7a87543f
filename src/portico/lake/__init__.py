"""What the data says: immutable versions of datasets, their history, and reading them."""
