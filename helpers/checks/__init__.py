"""Exercises and the checks that explain a wrong answer; one module of exercises a unit."""
