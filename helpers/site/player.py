"""The sliders of an explorer on a page: HTML, which `static/frames.js` brings to life.

The frames are files beside the pages and not data inside of them: a page is read by many who move
nothing, and the browser fetches only what is looked at, from the disk as well.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any


def player(frames: Mapping[str, Any], folder: str, name: str) -> str:
    """Return the HTML of an explorer: its still picture and, with JavaScript, its sliders.

    Parameters
    ----------
    frames : mapping
        As `helpers.explore.frames` gives them.
    folder : str
        Where the files lie, seen from the page.
    name : str
        A name that no other explorer of the page has.
    """
    file, says = frames["shown"][frames["start"]]
    width, height = frames["size"]
    places = [[f"{p:g}".replace("-", "−") for p in each] for each in frames["places"]]
    sliders = "".join(
        _slider(f"{name}-{number}", *each)
        for number, each in enumerate(zip(frames["names"], places, frames["starts"], strict=True))
    )
    data = json.dumps({"places": places, "shown": frames["shown"]}, ensure_ascii=False)
    data = data.replace("<", r"\u003c")  # nothing in it ends the script
    return f"""<div class="frames">
<div class="frames-sliders" hidden>
{sliders}</div>
<img src="{folder}/{file}" alt="{escape(says)}" width="{width}" height="{height}">
<script type="application/json">{data}</script>
</div>"""


def _slider(identity: str, name: str, places: list[str], start: int) -> str:
    widest = max(map(len, places))
    return f"""<label for="{identity}">{escape(name.replace("_", " "))}</label>
<input type="range" id="{identity}" max="{len(places) - 1}" value="{start}" autocomplete="off">
<output for="{identity}" aria-live="off" style="min-width: {widest}ch">{places[start]}</output>
"""
