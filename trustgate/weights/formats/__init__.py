"""What a file of weights is, by its bytes, and whether its own header agrees with its size."""
