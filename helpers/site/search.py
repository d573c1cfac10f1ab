"""What the website's search finds: English words by their stem, and any piece of Chinese text."""

import re
from typing import ClassVar

from sphinx.search.en import SearchEnglish

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


class EnglishAndChinese(SearchEnglish):
    """The language of the search.

    Chinese is written without spaces. A dictionary would cut it into words, and miss what a
    reader takes for a word; the course has little of it, so every piece can be found.
    """

    lang = "en-zh"
    # In `tf.nn.conv2d` the last word is looked for: the others stand on nearly every page.
    stopwords = SearchEnglish.stopwords | {"tf", "nn"}
    longest: ClassVar[int] = 6

    def split(self, input: str) -> list[str]:
        """Return the words of a text, and the pieces of its Chinese.

        >>> EnglishAndChinese({}).split("tensor (张量)")
        ['tensor', '张', '量', '张量']
        """
        return super().split(_CHINESE.sub(" ", input)) + [
            run[start : start + length]
            for run in _CHINESE.findall(input)
            for length in range(1, self.longest + 1)
            for start in range(len(run) - length + 1)
        ]
