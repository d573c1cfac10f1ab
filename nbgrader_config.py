"""nbgrader's settings for this course, read from the project's root by every nbgrader command."""

c = get_config()  # noqa: F821 - given by Jupyter's configuration loader

c.CourseDirectory.course_id = "glimpse"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
# The lessons' text stands beside the notebooks and holds the answers: it must not be released.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.md"]
c.ClearSolutions.code_stub = {"python": "# Your code here.\nraise NotImplementedError()"}
