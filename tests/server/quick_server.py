"""A server with the quick trainer and the echo of conftest.py, in a process that can be killed.

python quick_server.py DIRECTORY writes its base URL to standard output.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path

spec = importlib.util.spec_from_file_location("quick", Path(__file__).with_name("conftest.py"))
quick = importlib.util.module_from_spec(spec)
spec.loader.exec_module(quick)

site = quick.Site(Path(sys.argv[1]))
with quick.serving(site.app()) as url:
    sys.stdout.write(url + "\n")
    sys.stdout.flush()
    while sys.stdin.read(1):
        time.sleep(0.1)
