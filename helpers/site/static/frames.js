// Each explorer's picture follows its sliders: `shown` has a frame for each combination of places,
// those of the last slider first.
for (const explorer of document.querySelectorAll(".frames")) {
  const { places, shown } = JSON.parse(explorer.querySelector("script").textContent);
  const picture = explorer.querySelector("img");
  const sliders = [...explorer.querySelectorAll("input")];
  const folder = picture.src.slice(0, picture.src.lastIndexOf("/") + 1);

  const frame = () =>
    shown[sliders.reduce((sum, slider, i) => sum * places[i].length + slider.valueAsNumber, 0)];

  const show = async () => {
    for (const [i, slider] of sliders.entries()) {
      const place = places[i][slider.valueAsNumber];
      slider.setAttribute("aria-valuetext", place);
      slider.nextElementSibling.value = place;
    }
    const wanted = frame();
    const [file, says] = wanted;
    // Shown when it has come, so that there is no gap; by then the slider may have moved on.
    const next = new Image();
    next.src = folder + file;
    await next.decode();
    if (frame() === wanted) {
      picture.src = next.src;
      picture.alt = says;
    }
  };

  explorer.addEventListener("input", show);
  explorer.querySelector(".frames-sliders").hidden = false;
  show(); // a browser that goes back to this page may have kept the sliders' places
}
