"""Pictures of the lessons, in the course's one style; a module a slide heading."""
