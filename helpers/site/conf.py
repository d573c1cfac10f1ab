"""Sphinx's settings for the website."""

import html
import importlib.util
import re
from pathlib import Path

from sphinx.application import Sphinx

from helpers.site.search import EnglishAndChinese

project = "Glimpse on deep learning"
html_title = project
language = "en"
copyright = "the authors of the course. Text and pictures: CC BY 4.0; code: MIT"

extensions = ["myst_nb", "sphinx.ext.mathjax"]
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "fieldlist"]
myst_heading_anchors = 3
nitpicky = True
smartquotes = False  # as the lessons are written
exclude_patterns = ["downloads"]

html_theme = "furo"
html_theme_options = {
    "light_css_variables": {
        "mystnb-source-bg-color": "#f5f6f8",
        "mystnb-stdout-bg-color": "#ffffff",
        "mystnb-traceback-bg-color": "#ffffff",
        "mystnb-source-border-color": "#d5d8de",
        "mystnb-source-margin-color": "#0072b2",
        "jp-success-color1": "#1b7f3b",
        "jp-error-color1": "#b3261e",
    },
    "dark_css_variables": {
        "mystnb-source-bg-color": "#1f2329",
        "mystnb-stdout-bg-color": "#131416",
        "mystnb-traceback-bg-color": "#131416",
        "mystnb-source-border-color": "#3a3f47",
        "mystnb-source-margin-color": "#56b4e9",
        "jp-success-color1": "#5cc47c",
        "jp-error-color1": "#f2857d",
    },
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
html_static_path = ["static"]
html_css_files = ["site.css", "frames.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("site.js", "frames.js")]
templates_path = ["templates"]
html_copy_source = False
html_use_index = False
html_search_language = EnglishAndChinese.lang

# One file of MathJax that needs no other and no fonts, from an installed package.
_packed = importlib.util.find_spec("sphinx-mathjax-offline")
if _packed and _packed.submodule_search_locations:
    _folder = Path(_packed.submodule_search_locations[0])
    html_static_path.append(str(_folder / "static" / "mathjax" / "tex-svg.js"))
mathjax_path = "tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False}}


def setup(app: Sphinx) -> None:
    """Make the search's language known, and mend what readers would stumble over."""
    app.add_search_language(EnglishAndChinese)
    app.connect("html-page-context", _mend, priority=900)  # after Furo's own


def _mend(app: Sphinx, page: str, template: str, context: dict, doctree: object) -> None:
    """Give headings beside the page a level; an empty cell of a table heads nothing.

    Code in a table may break within a name: after a dot, before a capital letter. The page's first
    words describe it where a search engine lists it.
    """
    headings = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = headings.replace(
        'role="heading"', 'role="heading" aria-level="2"'
    )
    empty = '<th class="head"><p></p></th>'
    body = context.get("body", "").replace(empty, "<td></td>")
    context["body"] = _TABLE.sub(lambda table: _CODE.sub(_with_breaks, table[0]), body)
    if words := _FIRST_WORDS.search(body):
        described = html.escape(html.unescape(_TAG.sub("", " ".join(words[1].split()))))
        context["metatags"] += f'<meta name="description" content="{described}">'


_FIRST_WORDS = re.compile(r"</h1>\s*<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_CODE = re.compile(r'(?<=<span class="pre">)[^<]+')


def _with_breaks(code: re.Match) -> str:
    return re.sub(r"(?<=\w[_.(=])(?=\w)|(?<=[a-z])(?=[A-Z])", "<wbr>", code[0])
