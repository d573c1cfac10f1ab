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
if (window.Scorer)
  Scorer.score = (result) => {
    const leads = ([_, places]) => places.some(([, id]) => `#${id}` === result[2]);
    const isTerm = result[6] === SearchResultKind.index;
    const found = isTerm && Object.entries(Search._index.indexentries).find(leads);
    if (found) result[1] += ` > ${found[0]}`;
    return result[4];
  };

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
