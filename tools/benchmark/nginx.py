"""nginx, sending a file or in front of the platform as `deploy/nginx.conf` has it."""

import os
import shutil
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
AROUND = """
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
daemon off;
events {{ worker_connections 1024; }}
http {{
    include {types};
    default_type application/octet-stream;
    access_log off;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {inside}
}}
"""
FILE_SERVER = """
    server {{
        listen 127.0.0.1:{port};
        root {root};
        gzip_static always;
        open_file_cache max=10;
        location / {{ try_files /page.html =404; }}
    }}
"""
TYPES = "/etc/nginx/mime.types"


def is_here() -> bool:
    """Tell whether there is an nginx to run; without one, say what isn't measured."""
    if shutil.which("nginx"):
        return True
    print("!! There is no nginx, so NOTHING IS MEASURED WITH IT.", flush=True)
    return False


def file_server(folder: Path, port: int) -> list[str]:
    """Return the command of a server that sends the compressed ``page.html.gz`` of the folder."""
    return _command(folder, FILE_SERVER.format(port=port, root=folder))


def in_front(folder: Path, port: int, of_port: int) -> list[str]:
    """Return the command of a server in front of the platform, with our own configuration."""
    text = CONFIGURATION.read_text()
    for what, instead in {
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{of_port};",
        "/var/cache/nginx/blogs ": f"{folder}/cache ",
        "/var/log/nginx/blogs.access.log ": f"{folder}/access.log ",
        "listen 80 default_server;": f"listen 127.0.0.1:{port} default_server;",
        "listen [::]:80 default_server;": "",
    }.items():
        if text.count(what) != 1:
            raise ValueError(f"deploy/nginx.conf should say “{what}” once.")
        text = text.replace(what, instead)
    return _command(folder, text)


def _command(folder: Path, inside: str) -> list[str]:
    # As root, nginx would send its workers to an account that can't read our folders.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        AROUND.format(user=user, folder=folder, types=TYPES, inside=inside)
    )
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
