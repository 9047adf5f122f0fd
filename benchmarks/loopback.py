"""What servers on loopback need that tests and benchmarks start: a free port, and an nginx in a folder of one's own."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Final

_NGINX: Final = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log crit;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
{http}
}}
"""


def free_port() -> int:
    """A port that nobody listens on; somebody else might, before it is used."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def nginx_configuration(folder: Path, http: str) -> str:
    """The configuration of an nginx that writes nowhere else, is one process and stays in the foreground; `http` are
    the lines that tell what it serves."""
    return _NGINX.format(folder=folder, http=http)
