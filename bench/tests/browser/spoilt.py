"""How a page is spoilt, one way at a time, and which look of pages.py sees it."""
import pathlib
import re
import tempfile

# What is put for what (a regular expression), and which look has to see it.
SPOILT = [
    ("console", "<script nonce", "<script>1</script><script nonce"),
    ("console", r'"use strict";', '"use strict"; console.error("x");'),
    ("request", r"default-src 'none'.*form-action 'none'", "default-src *"),
    ("numbers", r"<td>(\d)\.(\d\d)×<small>", r"<td>\1.\g<2>9×<small>"),
    ("numbers", r"<strong>\d", "<strong>17"),
    ("numbers", r'class="s1" transform="translate\(\d', 'class="s1" transform="translate(9'),
    ("downloads", "base64,[A-Za-z0-9]{8}", "base64,"),
    ("hover", r'addEventListener\("pointermove"', 'addEventListener("no"'),
    ("hover", r"<title>([^<]*): \d", r"<title>\1: 9"),
    ("legend", r"\[series, \.\.\.drawn\]", "[series]"),
    ("legend", r'has\(element, "fill", colours\)', "false"),
    ("overflow", "</h1>", '</h1><div style="width:2000px;height:1px"></div>'),
    ("overflow", r"\.wide \{ overflow-x: auto;", ".wide {"),
    ("frames", r'(<text class="n-[^"]*" x=")', r"\g<1>20"),
    ("frames", r'translate\(31\.00,', "translate(644.00,"),
    ("once", "</h1>", '</h1><p class="beware">x</p><p class="beware">y</p>'),
    ("once", "</figure>", '<p class="note">the same</p></figure>'),
    ("once", "</figure>", '<p class="note">Left out, to stay within the budget: x</p></figure>'),
    ("keys", r":focus-visible \{[^}]*\}", ":focus-visible { outline: none; }"),
    ("keys", "<summary>", '<summary tabindex="-1">'),
    ("keys", '<tr><th scope="row">usable_cpus</th>', '<tr hidden><th scope="row">x</th>'),
    ("outline", r'<th scope="row">', "<th>"),
    ("outline", r"<figcaption><h3>", "<figcaption><h3>No, "),
    ("outline", r"<summary>[^<]*</summary>", "<p>x</p>"),
    ("overlaps", r"(h3 \{[^}]*margin:) 0;", r"\1 0 0 -14px;"),
    ("overlaps", r'(translate\([0-9.]*,)[0-9.]*(\)" stroke="none" fill="rgb\(68,)',
     r"\g<1>99\2"),
    ("contrast", r"--dim: #596273", "--dim: #a0a8b4"),
    ("contrast", r'\.chart \[fill="rgb\(0,0,0\)"\],', ""),
    ("key", '<ul class="key"', '<ul'),
    ("ids", r'id="p2-', 'id="p1-'),
    ("ids", r'<h2 id="raw"', '<h2 id="raw2"'),
    ("outline", "<main>", "<div>"),
    ("outline", r'role="img" viewBox="([^"]*)" aria-label="[^"]*"', r'viewBox="\1"'),
    ("outline", "<h2 id=", "<h5 id="),
    ("foreign", "</h1>", "</h1><img alt='x' src='data:,'>"),
    ("foreign", "<h1>", "<h1 onclick='pwned = 1'>"),
]


# The same of runs side by side.
SPOILT_SIDE = [
    ("numbers", r'(data-head="B over A">\d)\.(\d\d)×<small>', r"\1.\g<2>9×<small>"),
    ("numbers", r'(data-head="A">\d)', r"\g<1>1"),
    ("numbers", r'class="slower">([^<]*) slower', r'class="slower">\1 faster'),
    ("numbers", r' class="slower"', ""),
    ("downloads", "base64,[A-Za-z0-9]{8}", "base64,"),
    ("overflow", r"\.stack tr \{ display: grid;", ".stack tr { width: 500px; display: grid;"),
    ("overflow", r"\.numbers \.words \{ white-space: normal;", ".numbers .words { padding: 0 300px;"),
    ("frames", r"\.stack small \{ margin-left: 0; \}", ""),
    ("contrast", r"--worse: #a83a00", "--worse: #ff9a60"),
    ("contrast", r"--worse: #f5a26f", "--worse: #5a2000"),
    ("outline", "<main>", "<div>"),
    ("ids", r'<h2 id="raw"', '<h2 id="raw2"'),
]


def spoil(tab, folder, name, use):
    """Spoilt pages of that name that no look has seen; use: looks at a page."""
    missed = []
    page = (folder / name).read_text()
    with tempfile.TemporaryDirectory() as place:
        copy = pathlib.Path(place)
        for file in folder.iterdir():
            if file.is_file() and file.name != name:
                (copy / file.name).write_bytes(file.read_bytes())
        for look, old, new in SPOILT_SIDE if name == "compare.html" else SPOILT:
            bad, count = re.subn(old, new, page)
            if look == "request":
                bad = bad.replace("</h1>", "</h1><img alt='' src='http://127.0.0.1:9/x'>")
            if not count:
                missed.append(f"nothing to spoil: {old}")
                continue
            (copy / name).write_text(bad)
            tab.open(copy / name)
            try:
                wrong = use(tab, copy, look)
            except (RuntimeError, TypeError) as error:
                wrong = [f"{look}: {error}"]
            if not any(w.startswith(look) for w in wrong):
                missed.append(f"not seen by {look}: {new}: {wrong[:3]}")
    return missed
