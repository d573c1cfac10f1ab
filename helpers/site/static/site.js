// Small things that the theme leaves; without them every page can be read as well.

// What is cut off at the right can be scrolled with the arrow keys.
function reachWhatScrolls() {
  for (const block of document.querySelectorAll("pre, .table-wrapper, mjx-container[display]")) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
    else block.removeAttribute("tabindex");
  }
}

window.addEventListener("load", reachWhatScrolls);
window.addEventListener("resize", reachWhatScrolls);

// A page that was opened from the disk may not read others, of which the search shows an extract.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// A term of the glossary is named in the search's results: several may be found on that one page.
// A page with the words in its title comes before pages with one of them in a heading.
if (window.Scorer)
  Scorer.score = (result) => {
    const [, title, anchor, , score, , kind] = result;
    const leads = ([_, places]) => places.some(([, id]) => `#${id}` === anchor);
    const isTerm = kind === SearchResultKind.index;
    const found = isTerm && Object.entries(Search._index.indexentries).find(leads);
    if (found) {
      const id = anchor.replace("#term-", ""); // as it is written, where it is in English
      result[1] += ` > ${id.toLowerCase() === found[0] ? id : found[0]}`;
    }
    const words = new URLSearchParams(location.search).get("q")?.trim().toLowerCase();
    const isItsTitle = !anchor && words && title.toLowerCase().includes(words);
    return isItsTitle ? score + Scorer.title : score;
  };

// What the search says, in words of this site: it finds places, of which a page may have several.
Object.assign(Documentation.TRANSLATIONS, {
  "Search finished, found one page matching the search query.": [
    "Search finished: found in one place.",
    "Search finished: found in ${resultCount} places.",
  ],
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
    "Search finished: found nowhere. All words have to be on one page. Try fewer of them, or a part of one.",
});

// Of a line of code that is looked for, such as tf.Session(), only the name is an entry.
document.querySelector(".sidebar-search-container")?.addEventListener("submit", (event) => {
  const { q } = event.target.elements;
  q.value = q.value.replace(/(?<=\w)\(.*/, "");
});

// The two columns beside a page have names.
document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Lessons");
document.querySelector(".toc-drawer")?.setAttribute("aria-label", "Sections of this page");

// In a narrow window each column is a menu, with a switch that the mouse alone would reach.
for (const [switches, name] of [
  [".nav-overlay-icon", "Lessons"],
  [".toc-overlay-icon", "Sections of this page"],
]) {
  for (const label of document.querySelectorAll(switches)) {
    const icon = label.querySelector(".icon");
    const say = () => icon.setAttribute("aria-expanded", label.control.checked);
    icon.tabIndex = 0;
    icon.setAttribute("role", "button");
    icon.setAttribute("aria-label", name);
    icon.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      icon.click();
    });
    label.control.addEventListener("change", say);
    say();
  }
}
