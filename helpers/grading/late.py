"""Penalties for late submissions, by nbgrader's plugin, whenever they may have changed."""

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import List

from helpers.grading.unit import Unit


class PenaltiesInFeedback(AssignLatePenalties):
    """Takes its place in the feedback, whose exporter sets what nbgrader's own class lacks."""

    display_data_priority = List().tag(config=True)


class NoPenalties(Exception):
    """The plugin for late submissions does not work; the message says what it raised."""


def assign_penalties(unit: Unit) -> None:
    """Assign the penalties of a unit again; no submission is run for that.

    nbgrader does so only when it grades. But the due date may come later, the plugin may be
    changed, and points given by hand change what a penalty takes a part of.

    Raises
    ------
    NoPenalties
    """
    url = unit.course.db_url
    with Gradebook(url, course_id="") as gradebook:
        assignment = gradebook.find_assignment(unit.name)
        concerned = SubmittedNotebook.late_submission_penalty.is_not(None)
        if assignment.duedate is not None:  # extensions are nbgrader's to look at
            concerned |= SubmittedAssignment.timestamp > assignment.duedate
        late = (
            gradebook.db.query(SubmittedAssignment.student_id, Notebook.name)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .filter(SubmittedAssignment.assignment_id == assignment.id, concerned)
            .all()
        )
    names = {"assignment": unit.name, "db_url": url}
    for student, notebook in late:
        resources = {"nbgrader": {**names, "student": student, "notebook": notebook}}
        try:
            AssignLatePenalties(config=unit.config).preprocess(new_notebook(), resources)
        except Exception as error:
            raise NoPenalties(
                "Penalties for late submissions could not be assigned: their plugin, see "
                f"AssignLatePenalties in nbgrader_config.py, raised {type(error).__name__}: {error}"
            ) from error
