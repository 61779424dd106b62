"""A local server of OpenAI's fine-tuning protocol: files and jobs in, trained models and their answers out.

Training and generation run in processes of their own; state is one folder. Needs the extra `local`.
"""

from __future__ import annotations

from ._console import Console
from ._local import LocalServer, serve
from ._settings import DRILLS_MODEL, ServerSettings, hash_keys

__all__ = ["DRILLS_MODEL", "Console", "LocalServer", "ServerSettings", "hash_keys", "serve"]
