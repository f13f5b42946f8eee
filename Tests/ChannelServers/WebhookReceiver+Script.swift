extension WebhookReceiver {
    static let script = #"""
        """Receives webhooks: one JSON line for each request on standard output, the port first.

        Usage: python3 -c … CERTIFICATE KEY CLIENT_AUTHORITY|- [WHSEC …]
        """

        import base64
        import hashlib
        import hmac
        import http.server
        import json
        import os
        import re
        import socket
        import ssl
        import sys
        import threading
        import urllib.parse

        lock = threading.Lock()


        def verify(secret, headers, body):
            key = base64.b64decode(secret.removeprefix("whsec_"))
            signed = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.'.encode() + body
            want = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            signatures = [s.split(",", 1) for s in headers["webhook-signature"].split(" ")]
            return any(v == "v1" and hmac.compare_digest(want, s) for v, s in signatures)


        def parts(kind, body):
            boundary = b"--" + kind.split("boundary=", 1)[1].encode()
            pieces = (b"\r\n" + body).split(b"\r\n" + boundary)
            assert pieces[0] == b"" and pieces[-1] == b"--\r\n", pieces[-1]
            for piece in pieces[1:-1]:
                head, content = piece[2:].split(b"\r\n\r\n", 1)
                yield head.decode(), content


        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def record(self):
                length = int(self.headers.get("Content-Length", 0))
                path = urllib.parse.urlparse(self.path)
                query = dict(urllib.parse.parse_qsl(path.query))
                if path.path == "/cut-before":
                    self.rfile.read(min(length, 1000))
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    os.close(self.connection.detach())
                    return None
                body = self.rfile.read(length)
                if len(body) < length:
                    self.close_connection = True
                    return None  # Who sent it is gone.
                kind = self.headers["Content-Type"]
                message, files = body, []
                if kind.startswith("multipart/form-data"):
                    (head, message), *rest = list(parts(kind, body))
                    assert 'name="message"' in head and "application/json" in head, head
                    for head, content in rest:
                        files.append({
                            "head": head.split("\r\n"), "field": re.search(r' name="([^"]*)"', head)[1],
                            "name": re.search(r'filename="([^"]*)"', head)[1], "size": len(content),
                            "sha256": hashlib.sha256(content).hexdigest(),
                        })
                subject = (self.connection.getpeercert() or {}).get("subject", ())
                print(json.dumps({
                    "method": self.command, "authorization": self.headers["Authorization"],
                    "path": self.path, "headers": [k.lower() for k in self.headers], "type": kind,
                    "id": self.headers["webhook-id"], "timestamp": int(self.headers["webhook-timestamp"]),
                    "signatures": len(self.headers["webhook-signature"].split(" ")),
                    "verified": [verify(secret, self.headers, message) for secret in sys.argv[4:]],
                    "message": message.decode(), "files": files,
                    "client": {k: v for part in subject for k, v in part}.get("commonName"),
                }), flush=True)
                return path.path, query

            def do_POST(self):
                with lock:
                    asked = self.record()
                if asked is None:
                    return
                path, query = asked
                if path == "/stall":
                    threading.Event().wait(60)
                if path == "/cut-after":
                    os.close(self.connection.detach())
                    return
                self.send_response(int(query.get("status", 204)))
                for name in ("Retry-After", "Location"):
                    if name in query:
                        self.send_header(name, query[name])
                text = query.get("say", "").replace("ECHO", self.path).encode()
                self.send_header("Content-Type", query.get("type", "text/plain"))
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_any(self):
                with lock:
                    print(json.dumps({"path": self.command + " " + self.path}), flush=True)
                self.send_response(405)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PATCH = do_PUT = do_POST
            do_GET = do_HEAD = do_OPTIONS = do_any

            def log_message(self, *_):
                pass


        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request, address):
                connection = context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
                try:
                    connection.do_handshake()
                except OSError:
                    # A close with something unread is a reset, which overtakes what was said of the certificate.
                    while os.read(connection.fileno(), 4096):
                        pass
                    return
                try:
                    super().finish_request(connection, address)
                except (OSError, ValueError):
                    pass  # Some tests end connections.

            def shutdown_request(self, request):
                try:
                    super().shutdown_request(request)
                except (OSError, ValueError):
                    pass


        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        if sys.argv[3] != "-":
            context.load_verify_locations(sys.argv[3])
            context.verify_mode = ssl.CERT_REQUIRED
        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}
