"""The glossary: the course's terms in English and Chinese, each with what it means."""

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import yaml

from helpers.site.lesson_text import LessonText, read_lessons

LIST = Path(__file__).with_name("glossary.yml")

GIVES = "the terms in English and Chinese, what each means, and the lesson that explains it."

OPENING = """# Glossary 术语

The terms that the lessons give in English and Chinese, as the slides have them, each with the
lesson that explains it.
"""

# Chinese in brackets, perhaps beside a short form or a lesson: (限制性玻尔兹曼机, RBM).
BRACKET = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)")


class Term(NamedTuple):
    """A term: English, Chinese, the name of the lesson that explains it, what it means there."""

    english: str
    chinese: list[str]
    lesson: str
    meaning: str


def page(root: Path) -> str:
    """Return the page in MyST Markdown.

    Raises ValueError where the lessons' brackets and the list of terms are not in step.
    """
    lessons = read_lessons(root)
    terms, no_terms = read_terms(LIST)
    check_terms(terms, no_terms, lessons)
    links = {lesson.name: lesson.link for lesson in lessons}
    parts = [OPENING]
    built = [term for term in terms if term.lesson in links]
    for letter, group in groupby(built, key=lambda term: term.english[0].upper()):
        entries = "\n".join(
            "\n".join([term.english, *term.chinese, f"  {term.meaning} {links[term.lesson]}", ""])
            for term in group
        )
        parts.append(f"## {letter}\n\n```{{glossary}}\n{entries}```\n")
    return "\n".join(parts)


def read_terms(path: Path) -> tuple[list[Term], list[str]]:
    """Return the terms in alphabetical order, and the words in brackets that are none."""
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    terms = [
        Term(english, [chinese] if isinstance(chinese, str) else chinese, lesson, meaning)
        for english, chinese, lesson, meaning in listed["terms"]
    ]
    return sorted(terms, key=lambda term: term.english.casefold()), listed["no_terms"]


def check_terms(
    terms: Iterable[Term], no_terms: Iterable[str], lessons: Iterable[LessonText]
) -> None:
    """Raise ValueError for a bracket that is no term, and for a term that its lesson lacks."""
    brackets = {lesson.name: chinese_words("\n".join(lesson.markdown[1:])) for lesson in lessons}
    known = {word for term in terms for word in term.chinese} | set(no_terms)
    for lesson, words in brackets.items():
        for word in sorted(words - known):
            raise ValueError(
                f"{lesson} has ({word}) in brackets, and {LIST.name} has not. Add the term there, "
                "or the word to no_terms."
            )
    for term in terms:
        if term.lesson in brackets and not set(term.chinese) & brackets[term.lesson]:
            raise ValueError(
                f"{LIST.name} says that {term.lesson} explains {term.english!r}, but the lesson "
                f"does not have {' or '.join(term.chinese)} in brackets. Name one that has."
            )


def chinese_words(text: str) -> set[str]:
    """Return the Chinese words that stand in brackets in a text.

    >>> chinese_words("A machine (限制性玻尔兹曼机, RBM) learns.")
    {'限制性玻尔兹曼机'}
    """
    parts = (part.strip() for found in BRACKET.findall(text) for part in found.split(","))
    return {part for part in parts if re.search(r"[\u4e00-\u9fff]", part)}
