// The script of a page: values under the pointer, and series that are switched
// by their names.  It is put into the page when that is made.
//
// theme.gp says in each picture what stands where: a group of class "series" for
// each, with its name and its colours, and in it a shape for each value, with
// words.
(function () {
  "use strict";

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  document.body.append(tip);

  function distance(shape, event) {
    const at = shape.getBoundingClientRect();
    return Math.hypot(at.left + at.width / 2 - event.clientX,
      at.top + at.height / 2 - event.clientY);
  }

  // The nearest of those that lie there, and with it those at the same place.
  function show(event) {
    const under = event.target.closest(".chart")
      ? document.elementsFromPoint(event.clientX, event.clientY)
        .filter((e) => e.dataset.tip && !e.closest(".off")) : [];
    const near = Math.min(...under.map((e) => distance(e, event)));
    const told = under.filter((e) => distance(e, event) < near + 2).reverse();
    tip.textContent = told.map((e) => e.dataset.tip).join("\n");
    if (told.length === 0) return;
    const at = told[0].getBoundingClientRect();
    const own = tip.getBoundingClientRect();
    const middle = at.width > 60 ? event.clientX : at.left + at.width / 2;
    const left = Math.min(middle - own.width / 2, innerWidth - own.width - 8);
    const above = at.top - own.height - 4;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = (above > 4 ? above : at.bottom + 4) + "px";
  }

  // "rgb(  0, 114, 178)" and "#0072B2" alike.
  function colour(text) {
    const hex = /^#([0-9a-f]{6})$/i.exec(text);
    if (!hex) return text.replace(/ /g, "");
    const value = parseInt(hex[1], 16);
    return `rgb(${value >> 16},${(value >> 8) & 255},${value & 255})`;
  }

  function has(element, name, colours) {
    const value = element.getAttribute(name);
    return value !== null && colours.includes(colour(value));
  }

  // What is drawn in the series' colours: lines, whiskers, marks with their
  // outlines, dots, words.
  function parts(svg, series) {
    const colours = [series.dataset.mark, series.dataset.text].map(colour);
    const found = [];
    for (const element of svg.querySelectorAll("path, polygon, use, g"))
      if (element.closest("defs, .series")) continue;
      else if (element.localName === "g") {
        const text = element.firstElementChild;
        if (text && text.localName === "text" && has(element, "fill", colours))
          found.push(element);
      } else if (["fill", "stroke", "color"].some((n) => has(element, n, colours))) {
        found.push(element);
        const beside = element.localName === "polygon" ? element.nextElementSibling
          : element.previousElementSibling;
        const pair = new Set([element.localName, beside && beside.localName]);
        if (pair.has("polygon") && pair.has("path")) found.push(beside);
      }
    return found;
  }

  function name(svg, series) {
    const button = document.createElement("button");
    const drawn = parts(svg, series);
    button.type = "button";
    button.textContent = series.dataset.name;
    button.style.setProperty("--of", series.dataset.mark);
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", function () {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      for (const element of [series, ...drawn]) element.classList.toggle("off", !on);
    });
    return button;
  }

  for (const svg of document.querySelectorAll(".chart > svg")) {
    // A browser would show titles as well.
    for (const title of svg.querySelectorAll(".series title")) {
      title.parentNode.dataset.tip = title.textContent;
      title.remove();
    }
    const series = svg.querySelectorAll(".series[data-mark]");
    if (series.length > 1) {
      const names = document.createElement("div");
      names.className = "names";
      names.setAttribute("role", "group");
      names.setAttribute("aria-label", "Series that are shown");
      for (const one of series) names.append(name(svg, one));
      svg.before(names);
    }
  }
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("scroll", () => (tip.textContent = ""), true);
})();
