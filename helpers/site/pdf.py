"""The whole course as one PDF, printed by Chromium from the built website."""

import os
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

from helpers.site.book import book
from helpers.site.front_page import PDF

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The PDF is printed with Chromium, which was not found. Install it (Debian, Ubuntu: "
    "apt install chromium; elsewhere: playwright install chromium), or leave out --pdf"
)
# All that differs from one printing to the next: its dates, and where Chromium begins to count the
# elements that others refer to.
_DATE, _NO_DATE = re.compile(rb"\(D:\d{14}"), b"(D:19800101000000"
_ELEMENT = re.compile(rb"\(node(\d{8})\)")
# Where the document names the number of a page, write it.
_WRITE_NUMBERS = """numbers => {
  for (const link of document.querySelectorAll(".page-number"))
    link.textContent = numbers[decodeURIComponent(link.hash.slice(1))];
}"""


class PdfError(Exception):
    """A PDF that could not be printed; the message says why."""


def find_chromium() -> str:
    """Return the path of an installed Chromium or Chrome; raise PdfError where there is none."""
    from playwright.sync_api import sync_playwright

    if found := next(filter(None, map(shutil.which, PROGRAMS)), None):
        return found
    with sync_playwright() as playwright:
        its_own = playwright.chromium.executable_path
    if not Path(its_own).exists():
        raise PdfError(MISSING)
    return its_own


def write_pdf(site: Path, chromium: str) -> None:
    """Print the built website in a folder into a file in that folder.

    The same website gives the same bytes, if Chromium and the fonts are the same.

    Parameters
    ----------
    site : Path
    chromium : str
        The path of the program.

    Raises
    ------
    PdfError
        Where Chromium does not start, or ends early.
    """
    from playwright.sync_api import Error, sync_playwright

    document = site.with_name("book.html")
    document.write_text(book(site), encoding="utf-8")
    options = ["--disable-gpu", *["--no-sandbox"] * (os.geteuid() == 0)]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=options)
            page = browser.new_context(offline=True).new_page()
            page.set_default_timeout(0)  # it is long
            page.goto(document.as_uri())
            page.evaluate("window.MathJax?.startup.promise")
            page.evaluate(_WRITE_NUMBERS, _numbers(_print(page)))
            printed = _print(page)  # a number takes no more room than its place: nothing has moved
            browser.close()
    except Error as error:
        raise PdfError(_why(chromium, str(error))) from error
    unfinished = site.with_name(PDF)
    unfinished.write_bytes(same_each_time(printed))
    unfinished.replace(site / PDF)


def same_each_time(printed: bytes) -> bytes:
    """Return a PDF without what is due to the time of its printing; nothing in it moves.

    >>> same_each_time(b"(D:20261130160000Z) (node00000548) (node00000546) (node00000548)")
    b'(D:19800101000000Z) (node00000002) (node00000001) (node00000002)'
    """
    # In their order, as the PDF's own index of them is sorted.
    elements = sorted(set(_ELEMENT.findall(printed)))
    numbers = {element: b"(node%08d)" % number for number, element in enumerate(elements, start=1)}
    return _ELEMENT.sub(lambda found: numbers[found[1]], _DATE.sub(_NO_DATE, printed))


def _why(chromium: str, said: str) -> str:
    """Return what stopped the printing, and of Playwright's long log what Chromium itself said."""
    what, *log = said.splitlines()
    its_own = dict.fromkeys(line.partition("[err] ")[2] for line in log if "[err] " in line)
    return "\n".join([f"{chromium} could not print the PDF: {what}", *its_own])


def _print(page: Any) -> bytes:
    return page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)


def _numbers(printed: bytes) -> dict[str, int]:
    """Return the number of the page on which each named place of a PDF lies."""
    from pypdf import PdfReader

    pdf = PdfReader(BytesIO(printed))
    indices = {
        name.removeprefix("/"): pdf.get_destination_page_number(place)
        for name, place in pdf.named_destinations.items()
    }
    return {name: index + 1 for name, index in indices.items() if index is not None}
