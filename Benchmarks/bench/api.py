"""The API that is asked: nginx where its own time is to be as short as can be, a stub where it is to be exact."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import time

PATH = "/notifications/v1/integrations/"
# $id is nginx's variable, and the stub's placeholder.
DOCUMENT = json.dumps(
    {
        "api_version": "notifications/v1", "kind": "Integration", "id": "$id",
        "metadata": {
            "self": "https://api.example.com/notifications/v1/integrations/$id",
            "resource_name": "crn://example.com/organization=9bb441c4-edef-46ac-8a41-c49e44a3fd9a/integration=$id",
            "created_at": "2026-01-02T15:04:05.000000Z", "updated_at": "2026-01-02T15:04:05.000000Z",
        },
        "display_name": "Operations channel", "description": "Where alerts of the payments platform go",
        "target": {"kind": "UserEmail", "user": {
            "id": "u-a83k9b", "related": "https://api.example.com/iam/v2/users/u-a83k9b",
            "resource_name": "crn://example.com/organization=9bb441c4-edef-46ac-8a41-c49e44a3fd9a/user=u-a83k9b"}},
    }
)
NGINX = """
worker_processes 1; daemon off; error_log stderr crit; pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 300s;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location ~ ^/notifications/v1/integrations/(?<id>[A-Za-z0-9._-]+)$ {{
      default_type application/json;
      add_header X-Request-Id $request_id;
      return 200 '{document}';
    }}
    location / {{ default_type application/json; return 200 '{{"data":[],"metadata":{{}}}}'; }}
  }}
}}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Server:
    """A process that listens on `port` until it is stopped."""

    def __init__(self, port, command):
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(command)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"bench: {command[0]} does not listen on port {port}") from None
                time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def start_nginx(folder):
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.path.exists(binary):
        raise SystemExit("bench: nginx is missing (Debian: nginx-light)")
    port = free_port()
    configuration = os.path.join(folder, "nginx.conf")
    with open(configuration, "w") as file:
        file.write(NGINX.format(folder=folder, port=port, document=DOCUMENT))
    return Server(port, [binary, "-c", configuration, "-p", folder])


def start_stub(folder, peers, delay_us=0):
    """Answers `delay_us` after a request came, and says in `held_us` how long it was."""
    port = free_port()
    template = os.path.join(folder, "document.json")
    with open(template, "w") as file:
        file.write(DOCUMENT)
    command = [os.path.join(peers, "api-stub"), "--documents", template, "--port", str(port), "--delay-us", str(delay_us)]
    return Server(port, command)


def save_documents(server, ids, path):
    """Asks for each id once and keeps the answers in the form that the peers read."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    with open(path, "w") as file:
        for id in ids:
            connection.request("GET", PATH + id)
            response = connection.getresponse()
            document = response.read().decode()
            assert response.status == 200 and "\n" not in document and "\t" not in document, document
            file.write(f"{id}\t{response.headers.get('X-Request-Id', '')}\t{document}\n")
    connection.close()
