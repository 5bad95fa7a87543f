"""What data exists: datasets and their distributions, in the words of DCAT."""
