"""nbgrader's settings in a learner's lab, for Validate: its own defaults are right."""
