"""Small mistakes in a right answer, what they do, and how to say them."""
