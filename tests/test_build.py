"""`course build` and `course build --check`."""

import base64
import io
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from matplotlib import image
from matplotlib.figure import Figure

from helpers.cli import build as building
from helpers.cli.build import build, choose_inputs
from helpers.cli.check import check
from helpers.cli.execute import strip_png
from helpers.cli.lessons import Lesson, choose_lessons
from helpers.cli.notebooks import canonical_text
from helpers.course_error import CourseError
from tests.course_folder import TEXT, contents, copy_course, new_course, replace


@pytest.fixture
def lesson(built_course: Path, tmp_path: Path) -> Lesson:
    """Return a lesson that was built, in a folder of its own."""
    return copy_course(built_course, tmp_path / "built")


@pytest.fixture
def unbuilt(tmp_path: Path) -> Lesson:
    return new_course(tmp_path / "unbuilt")


def no_execution(*arguments: object) -> None:
    """Stand in for the execution where a test is not about it."""


def test_same_input_gives_same_bytes(lesson: Lesson, unbuilt: Lesson) -> None:
    build(unbuilt.root)
    assert contents(unbuilt.root) == contents(lesson.root)


def test_building_again_changes_nothing(lesson: Lesson, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(lesson.root)
    build(lesson.root, ["10_softmax"])
    assert contents(lesson.root) == before
    assert "networks/10_softmax: unchanged" in capsys.readouterr().out


def test_solution_is_executed_and_names_no_machine(lesson: Lesson) -> None:
    notebook = nbformat.read(lesson.notebook, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3, 4]
    assert code[0].outputs[0].text == "one\n"
    assert notebook.metadata.language_info == {"name": "python", "pygments_lexer": "ipython3"}
    content = lesson.notebook.read_text(encoding="utf-8")
    assert "JSONDecodeError" in content
    assert "json/decoder.py" not in content  # a frame of the library, with a path of the machine


def test_release_has_neither_answers_nor_outputs(lesson: Lesson) -> None:
    made = [path for path in contents(lesson.root) if path.startswith("course/")]
    assert made == ["course/networks/10_softmax.ipynb"]
    release = nbformat.read(lesson.release, as_version=4)
    nbformat.validate(release)
    assert "return 2 * x" not in canonical_text(lesson.root, release)
    assert "# Your code here.\n    raise NotImplementedError()" in release.cells[3].source
    assert not any(cell.get("outputs") for cell in release.cells)


def test_equal_cells_have_different_ids(unbuilt: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "execute", no_execution)
    replace(unbuilt.text, "A second one.", "Again.\n\n+++\n\nAgain.")
    build(unbuilt.root)
    ids = [cell.id for cell in nbformat.read(unbuilt.notebook, as_version=4).cells]
    assert len(set(ids)) == len(ids) == 7


def test_png_keeps_the_picture_and_loses_its_text() -> None:
    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([1, 2])
    buffer = io.BytesIO()
    figure.savefig(buffer, metadata={"Creation Time": "now"})
    stripped = strip_png(buffer.getvalue())
    assert b"matplotlib" in buffer.getvalue().lower()
    assert b"matplotlib" not in stripped.lower()
    assert b"Creation" not in stripped
    kept, original = (image.imread(io.BytesIO(png)) for png in (stripped, buffer.getvalue()))
    np.testing.assert_array_equal(kept, original)


# --check


def test_check_passes_after_build_and_touches_nothing(
    lesson: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(lesson.root)
    check(lesson.root)
    assert contents(lesson.root) == before
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("text", "A second one.", "A second one!", "solutions/networks/10_softmax.ipynb"),
        ("text", "grade_id: double\n", "grade_id: twice\n", "solutions/networks/10_softmax.ipynb"),
        ("notebook", "A second one.", "A second one!", "solutions/networks/10_softmax.ipynb"),
        ("notebook", '"name": "python"', '"name": "python", "version": "3"', "10_softmax.ipynb"),
        ("notebook", '"execution_count": 4', '"execution_count": 9', "not run from top to bottom"),
        ("release", "A second one.", "A second one!", "course/networks/10_softmax.ipynb"),
    ],
)
def test_check_names_what_is_out_of_step(
    lesson: Lesson, file: str, old: str, new: str, named: str
) -> None:
    replace(getattr(lesson, file), old, new)
    with pytest.raises(CourseError, match=named) as raised:
        check(lesson.root)
    assert "course build networks/10_softmax" in str(raised.value)


@pytest.mark.parametrize("file", ["text", "notebook", "release"])
def test_check_names_a_missing_file(lesson: Lesson, file: str) -> None:
    path = getattr(lesson, file)
    path.unlink()
    with pytest.raises(CourseError, match=f"{lesson.show(path)} is missing"):
        check(lesson.root)


def test_release_without_lesson_is_named_and_kept(lesson: Lesson) -> None:
    orphan = lesson.release.with_name("09_gone.ipynb")
    shutil.copy(lesson.release, orphan)
    with pytest.raises(CourseError, match=r"^course/networks/09_gone.ipynb has no lesson"):
        check(lesson.root)
    assert orphan.exists()


# An author's edits


def test_edited_notebook_is_written_back_to_the_text(lesson: Lesson) -> None:
    replace(lesson.notebook, "A second one.", "Edited in the notebook.")
    replace(lesson.notebook, '\\"one\\"', '\\"two\\"')
    build(lesson.root)
    text = lesson.text.read_text(encoding="utf-8")
    assert text == TEXT.replace("A second one.", "Edited in the notebook.").replace("one", "two")
    assert "Edited in the notebook." in lesson.release.read_text(encoding="utf-8")
    check(lesson.root)


def test_edited_text_wins_over_an_untouched_notebook(lesson: Lesson) -> None:
    replace(lesson.text, "A second one.", "Edited in the text.")
    assert "Edited in the text." in choose_inputs(lesson).text


def test_the_same_edit_in_both_is_no_conflict(lesson: Lesson) -> None:
    replace(lesson.text, "A second one.", "Edited in both.")
    replace(lesson.notebook, "A second one.", "Edited in both.")
    assert "Edited in both." in choose_inputs(lesson).text


def test_new_notebook_without_text_gives_the_text(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "execute", no_execution)
    lesson.text.unlink()
    build(lesson.root)
    assert lesson.text.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("recorded", [True, False])
def test_different_edits_in_both_are_refused_and_kept(lesson: Lesson, recorded: bool) -> None:
    replace(lesson.notebook, "A second one.", "Edited in the notebook.")
    if recorded:
        replace(lesson.text, "A second one.", "Edited in the text.")
    else:  # a notebook that some other program made
        replace(lesson.notebook, '"inputs"', '"other"')
    before = contents(lesson.root)
    with pytest.raises(CourseError, match="both edited") as raised:
        build(lesson.root)
    assert "10_softmax.md" in str(raised.value)
    assert "10_softmax.ipynb" in str(raised.value)
    assert contents(lesson.root) == before


def test_edited_release_is_refused_and_kept(lesson: Lesson) -> None:
    replace(lesson.release, "# Your code here.", "return x + x")
    before = contents(lesson.root)
    with pytest.raises(CourseError, match=r"course/networks/10_softmax.ipynb was edited"):
        build(lesson.root)
    assert contents(lesson.root) == before


def test_release_that_was_only_run_is_replaced(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "execute", no_execution)
    replace(lesson.release, '"name": "python"', '"name": "python", "version": "3"')
    build(lesson.root)
    assert '"version"' not in lesson.release.read_text(encoding="utf-8")


def test_an_edit_during_the_build_is_kept(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    def edit(*arguments: object) -> None:
        replace(lesson.text, "A second one.", "Typed just now.")

    monkeypatch.setattr(building, "execute", edit)
    replace(lesson.text, "A first", "Another first")
    with pytest.raises(CourseError, match=r"10_softmax.md was edited during the build"):
        build(lesson.root)
    assert "Typed just now." in lesson.text.read_text(encoding="utf-8")
    assert "Another first" not in lesson.notebook.read_text(encoding="utf-8")


def test_a_pasted_picture_is_refused(lesson: Lesson) -> None:
    notebook = nbformat.read(lesson.notebook, as_version=4)
    picture = base64.b64encode(b"picture").decode()
    notebook.cells[1].attachments = {"picture.png": {"image/png": picture}}
    nbformat.write(notebook, lesson.notebook)
    with pytest.raises(CourseError, match=r"10_softmax.ipynb, cell 2 has a pasted picture"):
        build(lesson.root)


# Lessons with problems

UNSEEN = [  # found before anything is run
    ('print("one")', "print(", r"10_softmax.md, line 19 \(cell 3\): syntax error"),
    ("double-check", "double", r"\(cell 5\): the grade_id double is also that of .* \(cell 4\)"),
    ("    ### END SOLUTION\n", "", r"\(cell 4\): each ### BEGIN SOLUTION needs one"),
    ("    ### BEGIN SOLUTION\n", "", r"\(cell 4\): each ### BEGIN SOLUTION needs one"),
    ("solution: true", "solution: false", r"\(cell 4\): BEGIN SOLUTION in a cell whose nbgrader"),
    ("  points: 2\n", "", r"\(cell 5\): nbgrader's metadata: .*points"),
    ("2\n  schema_version: 3", "2\n  schema_version: 1", r"\(cell 5\): nbgrader's metadata: "),
    ("grade: false", "grade: [false", r"^solutions/networks/10_softmax.md: "),
]
SEEN = [  # found while the lesson runs
    (
        "1 + 1 == 2",
        "1 + 1 == 3, 'no'",
        r"line 19 \(cell 3\) `print\(\"one\"\)`: AssertionError: no",
    ),
    ('print("one")', "import sys; sys.stderr.write('oh')", r"\(cell 3\) .*writes to stderr.*: oh"),
    ('print("one")', "print(object())", r"\(cell 3\) .*shows an address \(at 0x"),
    ('print("one")', "open('left.txt', 'w').close()", r"left left.txt behind"),
    ('print("one")', "import os; os._exit(1)", r"\(cell 3\) .*the kernel died"),
]


@pytest.mark.parametrize(("old", "new", "message"), UNSEEN + SEEN)
def test_a_problem_is_one_clear_line_and_nothing_is_written(
    unbuilt: Lesson, old: str, new: str, message: str
) -> None:
    replace(unbuilt.text, old, new)
    before = contents(unbuilt.root)
    with pytest.raises(CourseError, match=message) as raised:
        build(unbuilt.root)
    assert "\n" not in str(raised.value)
    (unbuilt.text.parent / "left.txt").unlink(missing_ok=True)
    assert contents(unbuilt.root) == before


def test_what_nbgrader_refuses_is_one_line(
    unbuilt: Lesson, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(building, "execute", no_execution)
    monkeypatch.setattr(building, "find_problems", lambda cells, places: iter(()))
    replace(unbuilt.text, "    ### END SOLUTION\n", "")
    with pytest.raises(CourseError, match=r"nbgrader: RuntimeError: no end solution") as raised:
        build(unbuilt.root)
    assert "\n" not in str(raised.value)
    assert capfd.readouterr().err == ""


def test_one_bad_lesson_does_not_stop_the_others(
    unbuilt: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "execute", no_execution)
    unbuilt.text.with_name("09_bad.md").write_text(TEXT.replace('print("one")', "print("))
    with pytest.raises(CourseError, match=r"^solutions/networks/09_bad.md, line 19"):
        build(unbuilt.root)
    assert unbuilt.release.exists()


def test_libraries_do_not_write_into_the_notebook(
    unbuilt: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As TensorFlow's C++ libraries do. The settings of the kernels of this environment
    # (etc/ipython) see to it; inside pytest a kernel would never watch what C++ writes.
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    written = 'import os, time; os.write(2, b"no GPU"); time.sleep(1)'
    replace(unbuilt.text, 'print("one")', written)
    build(unbuilt.root)
    notebook = nbformat.read(unbuilt.notebook, as_version=4)
    assert notebook.cells[2].outputs == []


# Names of lessons


@pytest.mark.parametrize(
    "name",
    [
        "10_softmax",
        "networks/10_softmax",
        "solutions/networks/10_softmax.md",
        "/anywhere/solutions/networks/10_softmax.ipynb",
        "course/networks/10_softmax.ipynb",
    ],
)
def test_lesson_is_found_by_name_or_path(unbuilt: Lesson, name: str) -> None:
    assert choose_lessons(unbuilt.root, [name]) == [unbuilt]


@pytest.mark.parametrize("name", ["10_sofmax", "network/10_softmax", "softmax"])
def test_unknown_lesson_gets_a_suggestion(unbuilt: Lesson, name: str) -> None:
    with pytest.raises(CourseError, match=f"no lesson {name}. Did you mean .*10_softmax\\?"):
        choose_lessons(unbuilt.root, [name])


def test_course_without_lessons_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="There are no lessons"):
        build(tmp_path)
