"""The slides' networks, in graph style, and the program that trains them."""
