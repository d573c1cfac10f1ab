"""Exercises of the lessons; a module a lesson."""
