"""The website's reference pages: the slides, the glossary, then and now."""

import operator
import re
import subprocess
import sys
from functools import cache

import pytest
from nbformat.v4 import new_markdown_cell

from helpers.errors.removed import RENAMED, RETIRED, TODAY
from helpers.facts import anchors, read_facts
from helpers.site import glossary, slides_index, then_and_now
from helpers.site.header import read_header
from helpers.site.lesson_text import FENCED, LessonText, read_lessons
from helpers.site.then_and_now import Row
from tests.lessons import ROOT

LESSONS = {lesson.name: lesson for lesson in read_lessons(ROOT)}
ROWS = [row for rows in then_and_now.read_rows().values() for row in rows]
NAMES = {name for row in ROWS for name in row.names}


def test_pages_are_made_without_tensorflow() -> None:
    code = (
        "import sys\n"
        "from helpers.outline import ROOT\n"
        "from helpers.site import glossary, slides_index, then_and_now\n"
        "for module in (glossary, slides_index, then_and_now): module.page(ROOT)\n"
        "print('tensorflow' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "False\n", done.stderr


# The slides


@cache
def slides() -> str:
    return slides_index.page(ROOT)


def test_every_cell_that_asserts_a_result_is_linked() -> None:
    facts = read_facts(ROOT)
    there = [
        name
        for lesson in LESSONS.values()
        for names in anchors(lesson.cells, facts).values()
        for name in names
    ]
    assert sorted(re.findall(r"\(#(fact-[\w-]+)\)", slides())) == sorted(there)
    assert {f"fact-{fact['id']}" for fact in facts} <= set(there)


def test_every_heading_of_the_slides_stands_there_in_order() -> None:
    written = re.findall(r"^### (\d\d) · (.+)$", slides(), flags=re.M)
    there = [
        (name[:2], read_header(lesson.cells[0].source).slides) for name, lesson in LESSONS.items()
    ]
    assert there == written


def test_a_result_stands_under_its_heading_with_its_section() -> None:
    part = slides().partition("### 15 ·")[2].partition("### 16 ·")[0]
    assert r"- l1(.5) 5.0 and l2(.5) 7.5 on \[\[1,-2\],\[-3,4\]\] (exactly): [" in part
    assert "`l1_regularizer` and `l2_regularizer` never did" in part  # what was wrong


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_says_what_was_wrong_on_its_slides(name: str) -> None:
    wrong = LESSONS[name].section("The slide, corrected")
    assert wrong.startswith("- ")
    assert wrong in slides()


# The glossary


def test_glossary_is_sorted_and_has_both_languages() -> None:
    page = glossary.page(ROOT)
    assert "\ntensor\n张量\n  An array" in page
    assert "\nvanishing gradient\n梯度消失\n梯度弥散\n" in page
    letters = re.findall(r"^## (.)$", page, flags=re.M)
    assert letters == sorted(set(letters))


def test_no_term_is_listed_twice_and_none_in_vain() -> None:
    terms, no_terms = glossary.read_terms(glossary.LIST)
    words = [word for term in terms for word in (term.english.casefold(), *term.chinese)]
    assert len(words) == len(set(words))
    text = "\n".join("\n".join(lesson.markdown) for lesson in LESSONS.values())
    listed = {word for term in terms for word in term.chinese} | set(no_terms)
    assert listed <= glossary.chinese_words(text)


def test_a_new_bracket_is_asked_for() -> None:
    cells = [new_markdown_cell("# 99 · New"), new_markdown_cell("An oracle (神谕) knows.")]
    lesson = LessonText("sample", "99_new", "New", cells)
    with pytest.raises(ValueError, match=r"99_new has \(神谕\) in brackets"):
        glossary.check_terms(*glossary.read_terms(glossary.LIST), [lesson])


def test_a_term_that_its_lesson_lacks_is_named() -> None:
    term = glossary.Term("oracle", ["神谕"], "10_softmax", "It knows.")
    with pytest.raises(ValueError, match="10_softmax explains 'oracle'"):
        glossary.check_terms([term], ["代价", "交叉熵"], [LESSONS["10_softmax"]._replace(cells=[])])


# Then and now


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.names[0])
def test_names_of_then_existed_and_those_of_now_exist(row: Row) -> None:
    import tensorflow as tf

    for name in row.names:
        if not (name in RENAMED or any(name.startswith(f"{gone}.") for gone in RETIRED)):
            operator.attrgetter(name)(tf.compat.v1)
    assert paths(row.now)
    for path in paths(row.now):
        operator.attrgetter(path)(tf)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.names[0])
def test_the_lesson_shows_both(row: Row) -> None:
    lesson = LESSONS[row.lesson]
    text = "\n".join(cell.source for cell in lesson.cells)
    assert any(shown_then(name, text) for name in row.names)
    today = re.sub(
        r"\btf1\.[\w.]+", "", "\n".join([*map(without_listings, lesson.markdown), *lesson.code])
    )
    assert any(re.search(rf"\.{path.split('.')[-1]}\b", today) for path in paths(row.now))


@pytest.mark.parametrize("name", LESSONS)
def test_every_name_of_tensorflow_1_in_a_lesson_is_there(name: str) -> None:
    import tensorflow as tf

    lesson = LESSONS[name]
    text = "\n".join(cell.source for cell in lesson.cells)
    used = set(re.findall(r"\btf1\.([\w.]*\w)", text))
    for old in re.findall(r"\btf\.([\w.]*\w)", text):
        try:
            operator.attrgetter(old)(tf)
        except AttributeError:
            used.add(old)
    others = then_and_now.other_names(NAMES)
    assert [each for each in sorted(used) if not covered(each, NAMES | others.keys())] == []


@pytest.mark.parametrize("name", sorted(NAMES & {*TODAY, *RENAMED, *RETIRED}))
def test_page_and_notebook_give_the_same_advice(name: str) -> None:
    advised = paths("`" + {**TODAY, **RENAMED, **RETIRED}[name] + "`")
    [row] = [row for row in ROWS if name in row.names]
    pairs = [sorted([one, other], key=len) for one in advised for other in paths(row.now)]
    assert not advised or any(covered(longer, {shorter}) for shorter, longer in pairs)


def test_every_name_that_the_notebook_knows_is_there() -> None:
    page = then_and_now.page(ROOT)
    for name in [*TODAY, *RENAMED, *RETIRED]:
        assert f"`{then_and_now.as_written(name)}" in page


def paths(text: str) -> set[str]:
    """Return the names of TensorFlow in a text's code, without the `tf.`."""
    return {
        path
        for code in re.findall(r"`[^`]+`", text)
        for path in re.findall(r"\btf\.([\w.]*\w)", code)
    }


def shown_then(name: str, text: str) -> bool:
    """Tell whether a lesson has a name of TensorFlow 1, or calls that method of something."""
    holder, _, method = name.rpartition(".")
    if re.search(r"(^|\.)[A-Z]\w+$", holder):
        return f".{method}(" in text
    return re.search(rf"\b(tf1?|tensorflow)\.{re.escape(name)}\b", text) is not None


def covered(name: str, listed: set[str]) -> bool:
    """Tell whether a name, or what it is a part of, is listed."""
    parts = name.split(".")
    return any(".".join(parts[:length]) in listed for length in range(1, len(parts) + 1))


def without_listings(markdown: str) -> str:
    """Return Markdown without its blocks of code, which show programs of 2017."""
    return FENCED.sub("", markdown)
