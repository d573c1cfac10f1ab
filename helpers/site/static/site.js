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

// The two columns beside a page have names.
document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Lessons");
document.querySelector(".toc-drawer")?.setAttribute("aria-label", "Sections of this page");
