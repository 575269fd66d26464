"""Whether report.html of runs, and compare.html, can be used: with a window, on a phone, in the
dark, on paper, by ear; and whether it says what analysis.json or compare.json
says.

usage: pages.py FOLDER...    each with report.html, or compare.html
       pages.py --spoilt FOLDER    of a page that is spoilt in many ways, one at
                                   a time: each has to be seen
"""
import base64
import json
import math
import pathlib
import re
import sys

from chromium import Chromium
from spoilt import spoil

HERE = pathlib.Path(__file__).parent
LOOKS = (HERE / "looks.js").read_text()
PHONE, WINDOW, PAPER = 390, 1160, 720


def looks(tab, name):
    return [f"{name}: {words}" for words in
            tab.run(f"(() => {{ {LOOKS}\nreturn looks.{name}(); }})()")]


# ---- numbers ---------------------------------------------------------------

UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "×": 1, "%": 0.01}
NUMBER = r"(-?[0-9.]+(?:e[-+]?[0-9]+)?)"


def like(shown, value, unit):
    """Whether a printed number is the value, as far as it is printed."""
    digits = re.search(r"\.([0-9]+)", shown)
    last = 10.0 ** -(len(digits.group(1)) if digits else 0)
    if not digits and len(shown) > 2:  # 1730 may stand for 1734
        last = 10.0 ** (len(shown.rstrip("0")) < len(shown)
                        and len(shown) - len(shown.rstrip("0")))
    return abs(float(shown) * unit - value) <= 0.501 * last * unit


def cell_is(cell, interval):
    """Whether "1.62× (1.60–1.64)" or "101 ms (100 ms–102 ms)" is that."""
    numbers = re.findall(NUMBER + r" ?(ns|µs|ms|s|×|%)?", cell)
    values = [interval[k] for k in ("median", "low", "high")]
    if values[0] is None:
        return cell == "-"
    if len(numbers) == 1:
        values = values[:1]
    units = [unit for _, unit in numbers if unit]
    return len(numbers) == len(values) and all(
        v is not None and like(n, v, UNITS[u or units[0]])
        for (n, u), v in zip(numbers, values))


COLUMNS = {"program": "program_s", "against serial": "program_speedup",
           "predicted": "program_law", "at most": "program_law",
           "against one worker": "program_speedup_rel",
           "region": "region_s", "region against serial": "speedup_abs",
           "region's efficiency": "efficiency"}


def named(result):
    """What its row may be called: a program's serial one is the baseline."""
    return {result["requested"],
            "baseline" if result["variant"] == "serial" else ""}


def columns_of(cells):
    """A program without a serial one has one worker as its baseline."""
    keys = dict(COLUMNS)
    if "against serial" not in cells:
        keys["against one worker"] = "program_speedup"
    return keys.items()


def numbers(tab, folder):
    """All tables, and the number of each answer."""
    analysis = json.loads((folder / "analysis.json").read_text())
    tables = tab.run("""[...document.querySelectorAll(".workload")].map((s) => ({
        name: s.querySelector(".wide").getAttribute("aria-label").slice(11),
        heads: [...s.querySelector("table").querySelectorAll("thead th")]
          .map((e) => e.textContent),
        rows: [...s.querySelector("table").querySelectorAll("tbody tr")].map((r) =>
          [...r.children].map((e) => e.textContent))}))""")
    wrong, seen = [], 0
    for table in tables:
        mine = [r for r in analysis["results"] if r["workload"] == table["name"]]
        if len(mine) != len(table["rows"]):
            wrong.append(f"{table['name']}: {len(mine)} rows expected")
        for row, result in zip(table["rows"], mine):
            cells = dict(zip(table["heads"], row))
            if (cells["variant"].split(" ")[0] not in named(result)
                    or cells["workers"] != str(result["workers"])
                    or cells["trials"] != str(result["n"])):
                wrong.append(f"row of another point: {row}")
            for head, key in columns_of(cells):
                if head in cells and not (result["variant"] == "serial"
                                          and cells[head] == "-"):
                    seen += 1
                    if not cell_is(cells[head], result[key]):
                        wrong.append(f"{table['name']}, {head}: {cells[head]} for {result[key]}")
    if seen < 4 or len(tables) != tab.run(
            "document.querySelectorAll('ol.answers > li').length"):
        wrong.append(f"{seen} numbers in {len(tables)} tables")
    return [f"numbers: {w}" for w in wrong + answers(tab, analysis)]


TABLES = """[...document.querySelectorAll("table.stack")].map((t) => ({
    name: t.parentElement.getAttribute("aria-label"),
    rows: [...t.querySelectorAll("tbody tr")].map((r) => ({
      heads: [...r.querySelectorAll("th")].map((e) => e.textContent),
      own: r.className, mark: [...r.querySelectorAll("td")].map((e) => e.className).join(""),
      cells: Object.fromEntries([...r.querySelectorAll("td[data-head]")]
        .map((e) => [e.dataset.head, e.textContent])) })) }))"""


def point_is(row, point):
    """Whether a row of two runs says what the point does."""
    cells, words = row["cells"], point["verdict"]
    names = " ".join(row["heads"][-1].split(" ")[:3])
    told = point["ratio"] or {"median": None}
    return (names == f"{point['variant']} on {point['workers']}"
            and cell_is(cells["A"], point["a_s"]) and cell_is(cells["B"], point["b_s"])
            and cell_is(cells.get("B over A", "-"),
                        told if "B over A" in cells else {"median": None, "low": None, "high": None})
            and words in cells["B is"] and (row["mark"].startswith(words)
                                            or words not in ("slower", "faster")))


def two_numbers(tables, compared):
    """The tables of two runs, and how many numbers are in them."""
    wrong, seen = [], 0
    points = [p for p in compared["points"] if not p["not_comparable"]]
    for table in tables:
        if table["name"].startswith("All points of "):
            mine = [p for p in points if p["workload"] == table["name"][14:]]
        else:  # the workloads' own points, by their order
            names = list(dict.fromkeys(p["workload"] for p in points))
            mine = [next((p for p in points if p["workload"] == n and p["leads"]), None)
                    for n in names]
        rows = [r for r in table["rows"] if r["cells"]]
        if len(mine) != len(rows):
            wrong.append(f"{table['name']}: {len(mine)} rows expected, and {len(rows)} are there")
        for row, point in zip(rows, mine):
            seen += 1
            if point and not point_is(row, point):
                wrong.append(f"{table['name']}: {row} for {point}")
    return wrong, seen


def class_numbers(tables, compared):
    """The table of a class's runs, and the places of one's own."""
    wrong, seen = [], 0
    scores = {"one CPU": "one_cpu_by_median", "all CPUs": "all_cpus_by_median",
              "speedup": "speedup"}
    runs = {r["run"]: r for r in compared["runs"]}
    for row in next(t for t in tables if t["name"] == "The runs")["rows"]:
        name = row["heads"][0].removesuffix(" (yours)")
        run = runs.pop(name, None)
        for head, key in scores.items():
            seen += 1
            if not run or not cell_is(row["cells"][head], {"median": run[key], "low": None, "high": None}):
                wrong.append(f"{name}: {head} {row['cells'][head]}")
        if run and (row["own"] == "own") != run["own"]:
            wrong.append(f"{name}: whose it is")
    for row, workload in zip(next(t for t in tables if t["name"] == "The workloads")["rows"],
                             compared["workloads"]):
        place = f"{workload['speedup']['own_place']} of {workload['speedup']['runs']}"
        if row["cells"]["your place"] != place:
            wrong.append(f"{row['heads'][0]}: {row['cells']['your place']} for {place}")
    return wrong + [f"{r}: no row" for r in runs], seen


def side_numbers(tab, compared):
    tables = tab.run(TABLES)
    wrong, seen = (class_numbers if "runs" in compared else two_numbers)(tables, compared)
    if seen < 6:
        wrong.append(f"{seen} numbers in {len(tables)} tables")
    return [f"numbers: {w}" for w in wrong]


def answers(tab, analysis):
    """Each speedup is one of its workload's, and its mark stands there."""
    wrong = []
    lines = tab.run("""[...document.querySelectorAll("ol.answers > li")].map((e) => {
        const mark = e.querySelector(".strip path"), rail = e.querySelector(".rail");
        const at = (x) => x && x.getBoundingClientRect();
        return { best: e.querySelector(".best").textContent.trim(),
          mark: mark && at(mark).left + at(mark).width / 2,
          rail: rail && [at(rail).left, at(rail).right],
          to: rail && Number(e.querySelector(".strip text").textContent) }})""")
    for line in lines:
        if line["best"] == "-":
            continue
        cell = re.sub(r"× (\S+)$", r"× (\1)", line["best"])
        fits = [r for r in analysis["results"] if cell_is(cell, r["program_speedup"])]
        if not fits:
            wrong.append(f"no result has a speedup of {cell}")
        elif line["mark"] is not None:
            speedup = fits[0]["program_speedup"]["median"]
            left, right = line["rail"]
            if abs(left + (right - left) * speedup / line["to"] - line["mark"]) > 2:
                wrong.append(f"the mark of {cell} stands at {line['mark']}")
    return wrong


def downloads(tab, folder):
    """What can be saved is what lies in the folder."""
    wrong = []
    links = tab.run("""[...document.querySelectorAll("a[download]")]
                       .map((e) => [e.download, e.getAttribute("href")])""")
    if not links:
        wrong.append("downloads: none")
    for name, href in links:
        if base64.b64decode(href.split("base64,")[1]) != (folder / name).read_bytes():
            wrong.append(f"downloads: {name} is another file")
    return wrong


# ---- used as a person does -------------------------------------------------

def middle(tab, element):
    """Where in the window it is, once it was scrolled to."""
    tab.run(f"{element}.scrollIntoView({{ block: 'center' }})")
    tab.settle()
    return tab.run(f"""(() => {{ const b = {element}.getBoundingClientRect();
        return [b.left + b.width / 2, b.top + b.height / 2]; }})()""")


def hover(tab, analysis):
    """Of each kind of chart, a value is told where it stands."""
    wrong = []
    for shows in tab.run("""[...new Set([...document.querySelectorAll(
            ".chart:has(.series)")].map((e) => e.dataset.shows))]"""):
        one = f"""document.querySelector(".chart[data-shows='{shows}'] [data-tip]")"""
        tab.mouse(1, 1)
        tab.mouse(*middle(tab, one))
        told = tab.run("document.querySelector('.tip').textContent")
        if tab.run(f"{one} && {one}.dataset.tip") not in told.split("\n"):
            wrong.append(f"hover: {shows} tells '{told}'")
    for shows, key in () if not analysis else (("program", "program_speedup"), ("region", "speedup_abs")):
        told = tab.run(f"""[...document.querySelectorAll(
            ".chart[data-shows='{shows}'] [data-tip]")].map((e) => e.dataset.tip)""")
        for words in told:
            name, cell = words.rsplit(": ", 1)
            at = re.match("(.*), ([0-9]+) workers?$", name)
            label, workers = (at[1], int(at[2])) if at else (name, None)
            if not any(r["label"] == label and cell_is(cell, r[key])
                       and workers in (None, r["workers"])
                       for r in analysis["results"]):
                wrong.append(f"hover: no result is '{words}'")
    if tab.run("""document.querySelectorAll('.chart').length > 0 &&
            !document.querySelectorAll('[data-tip]').length"""):
        wrong.append("hover: there is nothing to hover over")
    return wrong


SHOWN = """[...document.querySelectorAll(".names ~ svg")[0].querySelectorAll(
    "path, polygon, use, g > text")].filter((e) =>
    getComputedStyle(e).visibility !== "hidden" && !e.closest("defs, .series")).length"""


def legend(tab):
    """A click on a name hides its series and nothing else, another shows it."""
    if not tab.run("document.querySelectorAll('.names button').length"):
        return []
    wrong = []
    before = tab.run(SHOWN)
    series = tab.run("document.querySelector('.names').children.length")
    seen = [before]
    for click in range(2):
        tab.mouse(*middle(tab, "document.querySelector('.names button')"),
                  click=True)
        seen.append(tab.run(SHOWN))
    tab.run("document.querySelector('.names button').focus()")
    tab.key(" ", 32)
    seen.append(tab.run(SHOWN))
    tab.key(" ", 32)
    if not (seen[1] < before and seen[2] == before and seen[3] == seen[1]):
        wrong.append(f"legend: {seen} parts are shown, with one of {series} switched")
    if before - seen[1] > 0.9 * before:
        wrong.append("legend: nearly all of it is hidden")
    if tab.run("""(() => { const b = document.querySelector(".names button");
            const svg = b.closest(".chart").querySelector("svg");
            const ink = svg.querySelector(".series").dataset.text;
            b.click();
            const left = [...svg.querySelectorAll("g > text")].some((t) =>
              getComputedStyle(t).visibility !== "hidden" &&
              t.parentNode.getAttribute("fill") === ink);
            b.click(); return left; })()"""):
        wrong.append("legend: words of a hidden series are there")
    return wrong


FOCUSABLE = "a[href], button, summary, [tabindex='0']"


def keys(tab, folder):
    """All that can be used is reached with Tab, in its order, and is seen to be;
    a key unfolds the machine, with all that environment.json says."""
    tab.run("""document.querySelectorAll("details").forEach((d) => d.open = false);
               scrollTo(0, 0)""")
    tab.run(f"""window.all = [...document.querySelectorAll("{FOCUSABLE}")]; all[0].focus()""")
    wrong, seen = [], [0]
    for _ in range(tab.run("all.length") - 1):
        tab.key("Tab", 9)
        at, shown = tab.run("""(() => { const e = document.activeElement, s = getComputedStyle(e);
            return [all.indexOf(e), s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1]; })()""")
        if not shown:
            wrong.append(f"keys: the focus is not seen on the {at}th")
        seen.append(at)
    if seen != list(range(len(seen))):
        wrong.append(f"keys: Tab goes to {seen[:20]} of {len(seen)}")
    file = folder / "environment.json"
    if not tab.run("!!document.querySelector('summary')"):
        return wrong + ["keys: nothing is folded"] * (file.exists() and not (folder / "compare.html").exists())
    tab.run("document.querySelector('summary').focus()")
    tab.key(" ", 32)
    rows = tab.run("""document.querySelector("details").open &&
        [...document.querySelectorAll("details[open] tbody th")].map((e) => e.textContent)""")
    told = [k for k, v in json.loads(file.read_text()).items() if v not in (None, [])]
    if sorted(rows or []) != sorted(told):
        wrong.append(f"keys: {rows} for {told}")
    return wrong


def page_of(folder):
    page = folder / "compare.html"
    return page if page.exists() else folder / "report.html"


def use(tab, folder, only=None):
    """All that is wrong with the page of that folder, or that one look sees."""
    file = folder / "analysis.json"  # of a sweep; others have no such numbers
    analysis = json.loads(file.read_text()) if file.exists() else None
    beside = folder / "compare.json"
    compared = json.loads(beside.read_text()) if beside.exists() else None
    wrong = []
    tab.run("document.querySelectorAll('details').forEach((d) => d.open = true)")
    for width, dark, media in ((WINDOW, False, ""), (PHONE, False, ""),
                               (WINDOW, True, ""), (PHONE, True, ""),
                               (PAPER, False, "print")):
        tab.look(width, dark=dark, media=media)
        here = f"{width} wide{', dark' if dark else ''}{media and ', ' + media}"
        names = ["overflow", "frames", "overlaps"] + ["contrast"] * (media == "")
        wrong += [f"{w} ({here})" for name in names if only in (None, name)
                  for w in looks(tab, name)]
    tab.look(WINDOW)
    for name in ("ids", "outline", "foreign", "key", "once"):
        wrong += looks(tab, name) if only in (None, name) else []
    wrong += numbers(tab, folder) if analysis else []
    wrong += side_numbers(tab, compared) if compared else []
    wrong += downloads(tab, folder)
    for name, used in (("hover", lambda: hover(tab, analysis)),
                       ("legend", lambda: legend(tab)),
                       ("keys", lambda: keys(tab, folder))):
        wrong += used() if only in (None, name) else []
    size = page_of(folder).stat().st_size
    if size > 3e6:
        wrong.append(f"size: {size} bytes")
    wrong += [f"console: {e}" for e in tab.errors]
    return wrong + [f"request: {r}" for r in tab.requests]


def main():
    spoilt = sys.argv[1:2] == ["--spoilt"]
    tab, bad = Chromium(), 0
    try:
        for name in sys.argv[1 + spoilt:]:
            folder = pathlib.Path(name)
            if spoilt:
                wrong = spoil(tab, folder, page_of(folder).name, use)
            else:
                tab.open(page_of(folder))
                wrong = use(tab, folder)
            for words in wrong[:30]:
                print(f"  {words}")
            print(f"{'FAIL ' if wrong else 'ok '}{folder.name}"
                  f"{': spoilt pages' if spoilt else ''}")
            bad += len(wrong)
    finally:
        tab.close()
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
