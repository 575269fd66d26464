// What pages.py asks of a page: each function gives a list of what is wrong.
const looks = {
  // The page is no wider than the window, nor is a table of runs side by side.
  overflow() {
    const root = document.documentElement;
    const wrong = root.scrollWidth > innerWidth
      ? [`the page is ${root.scrollWidth} wide in a window of ${innerWidth}`] : [];
    for (const table of document.querySelectorAll("table.stack")) {
      const box = table.parentElement;
      if (box.scrollWidth > box.clientWidth + 1)
        wrong.push(`a table is ${box.scrollWidth} wide in a box of ${box.clientWidth}`);
    }
    return wrong;
  },

  // The part of a bar that a share stands on.
  part(text) {
    let e = text.previousElementSibling;
    while (e.matches(".plate")) e = e.previousElementSibling;
    return e;
  },

  texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode, of = node.parentElement;
      if (!node.data.trim() || of.closest("script, style, title, desc")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((b) => b.width > 0);
      if (boxes.length && getComputedStyle(of).visibility !== "hidden")
        found.push({ words: node.data.trim().slice(0, 60), of, boxes });
    }
    return found;
  },

  // No text leaves what it stands in: its picture, its button, its cell, the
  // window; what scrolls may be as wide as it likes.
  frames() {
    const wrong = [];
    for (const { words, of, boxes } of looks.texts()) {
      const frame = of.closest("svg, button, td, th, .wide") || document.documentElement;
      const at = frame.getBoundingClientRect();
      if (frame.classList.contains("wide") && getComputedStyle(frame).overflowX === "auto") continue;
      for (const b of boxes)
        if (b.left < at.left - 0.5 || b.right > at.right + 0.5 ||
            (frame.localName === "svg" && (b.top < at.top - 2 || b.bottom > at.bottom + 2)))
          wrong.push(`'${words}' leaves its ${frame.localName} at ${at.right}: ${b.left}..${b.right}`);
    }
    // a share within its part of a bar
    for (const text of document.querySelectorAll(".bar text")) {
      const part = looks.part(text).getBoundingClientRect();
      if (text.getBoundingClientRect().width > part.width)
        wrong.push(`'${text.textContent}' is wider than its part`);
    }
    return wrong;
  },

  // No two texts of a block, or of a picture, lie over each other.
  overlaps() {
    const wrong = [];
    const all = looks.texts().flatMap(({ words, of, boxes }) =>
      boxes.map((b) => ({ words, b, of, svg: of.closest("svg") })));
    all.sort((x, y) => x.b.top - y.b.top);
    for (let i = 0; i < all.length; i++)
      for (let k = i + 1; k < all.length && all[k].b.top < all[i].b.bottom - 3; k++) {
        const x = all[i], y = all[k];
        if (x.of.closest(".wide") !== y.of.closest(".wide") || x.svg !== y.svg) continue;
        const room = x.svg ? 0.3 * Math.min(x.b.height, y.b.height) : 3;
        if (Math.min(x.b.right, y.b.right) - Math.max(x.b.left, y.b.left) > 1 &&
            Math.min(x.b.bottom, y.b.bottom) - Math.max(x.b.top, y.b.top) > room &&
            !x.of.contains(y.of) && !y.of.contains(x.of))
          wrong.push(`'${x.words}' and '${y.words}' lie over each other`);
      }
    return wrong;
  },

  colour(text) {
    const parts = /rgba?\(([^)]*)\)/.exec(text);
    return parts ? parts[1].split(/[ ,/]+/).map(Number) : null;
  },
  light(c) {
    const [r, g, b] = c.map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  },
  behind(element) {
    for (let e = element; e; e = e.parentElement) {
      const c = looks.colour(getComputedStyle(e).backgroundColor);
      if (c && (c.length < 4 || c[3] > 0.99)) return c;
    }
    return [255, 255, 255];
  },

  // Contrast of texts, as WCAG 2.2, 1.4.3 wants it; those on a bar's fill are
  // looked at in its own colour.
  contrast() {
    const wrong = [];
    for (const { words, of } of looks.texts()) {
      const svg = of.closest("svg"), style = getComputedStyle(of);
      const ink = looks.colour(svg ? style.fill : style.color);
      let ground = looks.behind(svg || of);
      const plain = ink && ink.slice(0, 3).join();
      if (svg && svg.closest(".chart") && (plain === "1,1,1" || plain === "255,255,255"))
        continue;
      if (svg && svg.classList.contains("bar"))
        ground = looks.colour(getComputedStyle(of.previousElementSibling).fill);
      const a = looks.light(ink), b = looks.light(ground);
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) wrong.push(`'${words}' has a contrast of ${ratio.toFixed(1)}`);
    }
    return [...new Set(wrong)];
  },

  // What the colours of bars mean is said.
  key() {
    const said = new Set([...document.querySelectorAll(".key rect")].map((e) => e.classList[0]));
    return [...document.querySelectorAll(".bar rect")]
      .filter((e) => e.getBoundingClientRect().width > 2 && !said.has(e.classList[0]))
      .map((e) => `no word for the colour ${e.classList[0]}`);
  },

  // Ids are there once, and what is referred to is there.
  ids() {
    const wrong = [], seen = new Set();
    for (const e of document.querySelectorAll("[id]")) {
      if (seen.has(e.id)) wrong.push(`two elements are #${e.id}`);
      seen.add(e.id);
    }
    for (const e of document.querySelectorAll("a[href^='#'], use, [aria-labelledby]")) {
      const id = e.getAttribute("aria-labelledby") ||
        (e.getAttribute("href") || e.getAttribute("xlink:href")).slice(1);
      if (!seen.has(id)) wrong.push(`there is no #${id}`);
    }
    return wrong;
  },

  // For who listens: landmarks, headings in order, names for all that is drawn
  // or can be used.
  outline() {
    const wrong = [];
    for (const one of ["h1", "header", "main", "nav"])
      if (document.querySelectorAll(one).length !== 1) wrong.push(`one ${one} expected`);
    let level = 0;
    for (const h of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
      const now = Number(h.localName[1]);
      if (now > level + 1 && !(now === 3 && h.closest("#answers")))
        wrong.push(`'${h.textContent}' skips a level`);
      if (!h.textContent.trim()) wrong.push("a heading says nothing");
      level = now;
    }
    for (const e of document.querySelectorAll("svg:not([aria-hidden]), [tabindex]"))
      if (!(e.getAttribute("aria-label") || "").trim() || !e.getAttribute("role"))
        wrong.push(`a ${e.localName} has no name: ${e.outerHTML.slice(0, 80)}`);
    for (const e of document.querySelectorAll("a, button, summary, th"))
      if (!e.textContent.trim()) wrong.push(`a ${e.localName} has no words`);
    for (const e of document.querySelectorAll("th"))
      if (!["col", "row", "rowgroup"].includes(e.scope)) wrong.push(`what '${e.textContent}' is the head of is not said`);
    for (const e of document.querySelectorAll("tbody tr"))
      if (e.cells[0].localName !== "th") wrong.push(`a row without a head: ${e.textContent.slice(0, 40)}`);
    for (const e of document.querySelectorAll("table"))
      if (!e.closest("[aria-label]")) wrong.push("a table has no name");
    for (const e of document.querySelectorAll("details"))
      if (e.firstElementChild.localName !== "summary") wrong.push("what is folded has no summary");
    for (const e of document.querySelectorAll(".chart"))
      if (!e.querySelector("svg") || e.querySelector("figcaption h3")?.textContent !== e.querySelector("svg").getAttribute("aria-label"))
        wrong.push(`a chart has no title in words: ${e.textContent.slice(0, 40)}`);
    return wrong;
  },

  // What was wrong with the machine stands in one place, and no note stands
  // under two charts of a section.
  once() {
    const wrong = [];
    if (document.querySelectorAll(".beware").length > 1) wrong.push("two warnings");
    for (const part of document.querySelectorAll("section")) {
      const seen = new Set();
      for (const e of part.querySelectorAll(".chart .note, .charts + .notes p")) {
        if (seen.has(e.textContent)) wrong.push(`twice: '${e.textContent.slice(0, 60)}'`);
        seen.add(e.textContent);
      }
    }
    const run = /left out, to stay within the budget/i;
    for (const e of document.querySelectorAll(".chart .note"))
      if (run.test(e.textContent)) wrong.push("a chart tells of the whole run");
    return wrong;
  },

  // Nothing but what the program writes: one script, no handlers, no elements
  // that load or send.
  foreign() {
    const wrong = [];
    if (document.querySelectorAll("script").length !== 1) wrong.push("one script expected");
    for (const e of document.querySelectorAll("img, iframe, object, embed, form, input, base, foreignObject, image, animate, set, audio, video"))
      wrong.push(`there is a ${e.localName}`);
    for (const e of document.querySelectorAll("*"))
      for (const a of e.attributes)
        if (a.name.startsWith("on") || /^\s*javascript:/i.test(a.value))
          wrong.push(`${e.localName} has ${a.name}`);
    if (typeof pwned !== "undefined") wrong.push("a foreign script ran");
    return wrong;
  },
};
