"""Data of the lessons: embedded in the installed packages, never downloaded."""
