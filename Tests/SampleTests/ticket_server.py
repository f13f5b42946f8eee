"""A system of tickets over HTTP, as strict as one that matters: for tests.

Usage: ticket_server.py AUTHORIZATION WHSEC [CERTIFICATE KEY]; prints its port, then a JSON line for each call. It ends with
its standard input.

POST /tickets opens one, PATCH /tickets/ID changes its state, GET /tickets?state=open lists them, PAGE at a time, with the
next page in Link. Each call needs the header Authorization; what changes something needs a signature as Standard Webhooks has
it, no older than five minutes. A message that came before, by its webhook-id, is answered as it was then.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse

PAGE = 2


class Tickets:
    def __init__(self, authorization, key):
        self.authorization, self.key = authorization, base64.b64decode(key.removeprefix("whsec_"))
        self.tickets, self.answers, self.lock = {}, {}, threading.Lock()

    def is_signed(self, headers, body):
        stamp = headers.get("webhook-timestamp", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
            return False
        signed = f"{headers.get('webhook-id')}.{stamp}.".encode() + body
        want = base64.b64encode(hmac.new(self.key, signed, hashlib.sha256).digest()).decode()
        given = [part.split(",", 1)[-1] for part in headers.get("webhook-signature", "").split(" ")]
        return any(hmac.compare_digest(want, one) for one in given)

    def change(self, method, path, headers, body):
        """The status and the answer of a call that changes something."""
        if not self.is_signed(headers, body):
            return 403, {"error": "the signature is wrong"}
        message = headers["webhook-id"]
        if message in self.answers:
            return self.answers[message]
        self.answers[message] = answer = self.accept(method, path, json.loads(body))
        if answer[0] >= 400:
            del self.answers[message]
        return answer

    def accept(self, method, path, wish):
        if method == "POST" and path == "/tickets":
            if not wish.get("machine"):
                return 422, {"error": "machine is missing"}
            name = f"T/{len(self.tickets) + 1}"
            self.tickets[name] = dict(wish, id=name, state="open")
            return 201, {"data": {"id": name}}
        name = urllib.parse.unquote(path.removeprefix("/tickets/"))
        if method != "PATCH" or name not in self.tickets:
            return 404, {"error": "there is no such ticket"}
        self.tickets[name].update(wish)
        return 200, {"data": self.tickets[name]}

    def page(self, query):
        """A page of the tickets in a state, and the number of the next one, if there is one."""
        state, number = query.get("state"), int(query.get("page", 1))
        found = [one for one in self.tickets.values() if state in (None, one["state"])]
        return found[(number - 1) * PAGE:number * PAGE], number + 1 if len(found) > number * PAGE else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def serve(self):
        tickets = self.server.tickets
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        link = None
        with tickets.lock:
            if self.headers["Authorization"] != tickets.authorization:
                status, answer = 401, {"error": f"not {self.headers['Authorization']}"}
            elif self.command == "GET" and path == "/tickets":
                answer, following = tickets.page(dict(urllib.parse.parse_qsl(query)))
                status = 200
                if following:
                    rest = urllib.parse.urlencode(dict(urllib.parse.parse_qsl(query), page=following))
                    link = f"</tickets?{rest}>; rel=\"next\""
            else:
                status, answer = tickets.change(self.command, path, self.headers, body)
            self.server.tell({
                "method": self.command, "path": self.path, "status": status, "id": self.headers["webhook-id"],
                "body": body.decode(),
                "open": sum(one["state"] == "open" for one in tickets.tickets.values()), "all": len(tickets.tickets),
            })
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if link:
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_PUT = serve

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    context = None

    @staticmethod
    def tell(call):
        """Hears of each call; whoever wants to know takes its place."""

    def finish_request(self, request, address):
        try:
            if self.context:
                request = self.context.wrap_socket(request, server_side=True)
            super().finish_request(request, address)
        except OSError:
            pass  # Whoever only tries the connection, or is ended.


def serve(authorization, key, certificate=None):
    """A server that runs in a thread, on a port of its own."""
    server = Server(("127.0.0.1", 0), Handler)
    server.tickets = Tickets(authorization, key)
    if certificate:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(*certificate)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    started = serve(sys.argv[1], sys.argv[2], sys.argv[3:5] or None)
    started.tell = lambda call: print(json.dumps(call), flush=True)
    print(started.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)
