extension HTTPSServers {
    /// What Python runs: Swift has no TLS server at hand.
    static let script = #"""
        """HTTPS servers for the tests: one a line of arguments, their ports on standard output, until standard input ends.

        Usage: python3 -c … HOST CERTIFICATE KEY CLIENT_AUTHORITY ...   ("-" for no client certificate)
        """

        import http.server
        import json
        import os
        import socket
        import ssl
        import sys
        import threading


        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                certificate = self.connection.getpeercert() or {}
                subject = {key: value for part in certificate.get("subject", ()) for key, value in part}
                body = json.dumps({
                    "host": self.headers["Host"],
                    "serverName": getattr(self.connection, "asked_name", None),
                    "client": subject.get("commonName"),
                    "connection": self.client_address[1],
                    "tls": self.connection.version(),
                }).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_):
                pass


        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def __init__(self, host, certificate, key, authority):
                self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
                super().__init__((host, 0), Handler)
                self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self.context.load_cert_chain(certificate, key)
                self.context.sni_callback = lambda connection, name, _: setattr(connection, "asked_name", name)
                if authority != "-":
                    self.context.load_verify_locations(authority)
                    self.context.verify_mode = ssl.CERT_REQUIRED

            def finish_request(self, request, address):
                request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                try:
                    connection = self.context.wrap_socket(request, server_side=True)
                    super().finish_request(connection, address)
                except OSError:
                    pass  # The tests include handshakes that fail.


        servers = [Server(*sys.argv[i:i + 4]) for i in range(1, len(sys.argv), 4)]
        for server in servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        print(*(server.server_address[1] for server in servers), flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}
