"""What a file is and how it is written, found from all of its bytes."""
