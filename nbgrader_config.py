"""nbgrader's settings for this course, read from the project's root by every nbgrader command."""

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    LimitOutput,
)

from helpers.grading import validating

c = get_config()  # noqa: F821 - given by Jupyter's configuration loader

c.CourseDirectory.course_id = "glimpse"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "course"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "*.md",  # the lessons' text, beside the notebooks, holds the answers: it is not released
    "feedback",  # which a student has fetched, is not handed in again
    ".graded.json",  # what was noted for the instructor is not part of the feedback
]
# What systems and archives add to a submission.
c.CourseDirectory.ignore += [".git", ".DS_Store", "._*", "__MACOSX", "Thumbs.db", "desktop.ini"]
# Students hand in their own copies, and get feedback beside them.
c.Exchange.assignment_dir = "work"
c.ClearSolutions.code_stub = {"python": "# Your code here.\nraise NotImplementedError()"}

# Submissions run in a sandbox, and are judged from outside of it (helpers/grading).
c.Execute.kernel_name = "glimpse-sandbox"
c.Execute.timeout = 60  # seconds a cell
c.Execute.raise_on_iopub_timeout = False
c.Execute.shutdown_kernel = "immediate"
c.Execute.skip_cells_with_tag = "no tag skips a cell"
c.Execute.on_notebook_start = validating.on_notebook_start
c.Execute.on_cell_start = validating.on_cell_start
c.Autograde.exporter_class = "helpers.grading.preprocessors.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    "helpers.grading.preprocessors.PutRight",
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    "helpers.grading.preprocessors.ExecuteInSandbox",
    "helpers.grading.preprocessors.TrimOutputs",
    LimitOutput,
    "helpers.grading.by_hand.SaveGrades",
    AssignLatePenalties,
    CheckCellMetadata,
]
# Points given by hand after grading may change what is taken off for being late.
c.GenerateFeedback.preprocessors = [
    "helpers.grading.late.PenaltiesInFeedback",
    GetGrades,
    CSSHTMLHeaderPreprocessor,
]
c.ExportApp.plugin_class = "helpers.grading.export.CsvGrades"
# Over a submission in the formgrader: why it needs a look.
c.HTMLExporter.preprocessors = ["helpers.grading.by_hand.ShowQuestions"]
# What a student sends back as HTML or JavaScript is not what the class reads.
c.HTMLExporter.sanitize_html = True
