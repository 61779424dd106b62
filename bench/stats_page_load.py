"""Time until a page of 5,000 problems is laid out in chromium: `python bench/stats_page_load.py`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from stats_speed import run

from mathtune.reports import compare

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--dump-dom"),
)
# Laid out is when a height is known after everything has been loaded.
MEASURE = """<script>addEventListener("load", () => {
  document.body.offsetHeight; document.title = "laid out after " + performance.now() })</script></body>"""


def main() -> None:
    """Print the page's size and three times, each with an own, empty profile."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("needs chromium")
    page = compare(run("base", 0.5), run("tuned", 0.55), by=("subject", "level")).to_html()
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("</body>", MEASURE)
    print(f"{len(page) / 1e6:.1f} MB")
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.html"
            path.write_text(page, encoding="utf-8")
            command = [chromium, *FLAGS, f"--user-data-dir={folder}/profile", path.as_uri()]
            seen = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
        (milliseconds,) = re.findall(r"<title>laid out after ([\d.]+)", seen)
        print(f"{float(milliseconds) / 1000:.2f} s")


if __name__ == "__main__":
    main()
