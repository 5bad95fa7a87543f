"""From an investor's brief to a reasoned shortlist: why, and why not."""
