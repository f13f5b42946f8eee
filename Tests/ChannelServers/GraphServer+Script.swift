extension GraphServer {
    /// Python: Swift has no TLS server at hand, and what Microsoft documents is better told by code of another hand.
    static let script = #"""
        """Entra ID, Microsoft Graph, SharePoint's uploads and Teams' workflows, as far as they are documented.

        Usage: python3 -c … CERTIFICATE KEY; prints its port. Each test has a world of its own, the first part of the
        path; /control/WORLD sets it up by POST and tells what happened by GET.
        """

        import base64
        import hashlib
        import http.server
        import json
        import os
        import re
        import signal
        import socket
        import socketserver
        import ssl
        import struct
        import sys
        import threading
        import urllib.parse

        worlds, lock = {}, threading.RLock()
        UNIT, CARD = 327680, 28 * 1024


        class World:
            def __init__(self):
                self.files, self.folders, self.sessions, self.faults, self.log = {}, set(), {}, [], []
                self.tokens, self.delegated, self.issued, self.lost = set(), set(), 0, 0
                self.refresh, self.pending, self.posts = "refresh-0", [], []
                self.drives = [{"id": "b!Docs", "name": "Documents"}, {"id": "b!Fin", "name": "Finance papers"}]
                self.options = {}
                self.counted, self.kill, self.has_killed = 0, None, False

            def item(self, path):
                if path in self.folders:
                    return {"id": "F" + path, "name": path.split("/")[-1], "folder": {"childCount": 1}, "size": 0}
                file = self.files[path]
                return {
                    "id": file["id"], "name": path.split("/")[-1], "size": file["size"] + self.options.get("adds", 0),
                    "webUrl": "https://example.sharepoint.com/web/" + urllib.parse.quote(path),
                    "eTag": '"{%s},%d"' % (file["id"], file["versions"]), "file": {"hashes": file["hashes"]},
                }


        def quick_xor(data):
            state = 0
            for index, byte in enumerate(data):
                shift = index * 11 % 160
                state ^= (byte << shift | byte << shift >> 160) & (1 << 160) - 1
            return (state ^ len(data) << 96).to_bytes(20, "little")


        class Answer(Exception):
            def __init__(self, status, body=None, headers=()):
                self.status, self.body, self.headers = status, body, dict(headers)


        def refuse(status, code, message):
            raise Answer(status, {"error": {"code": code, "message": message, "innerError": {"request-id": "x"}}})


        def entra(status, error, code, text):
            raise Answer(status, {
                "error": error, "error_codes": [code],
                "error_description": f"AADSTS{code}: {text} Trace ID: 7a Correlation ID: 8b Timestamp: 2026-11-28"})


        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reset(self):
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())

            def serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                path, _, query = self.path.partition("?")
                _, name, rest = path.split("/", 2)
                if name == "control":
                    return self.control(worlds.setdefault(rest, World()), self.rfile.read(length))
                world = worlds.setdefault(name, World())
                with lock:
                    fault = self.fault(world, rest)
                    world.counted += 1
                    number = world.counted
                if self.kills(world, number, "before"):
                    return self.reset()
                if world.kill and world.kill["number"] == number and world.kill["moment"] == "half":
                    self.rfile.read(length // 2)
                    self.kills(world, number, "half")
                    return self.reset()
                if fault and fault.get("cut") == "half":
                    self.rfile.read(length // 2)
                    return self.reset()
                body = self.rfile.read(length)
                with lock:
                    world.log.append({
                        "method": self.command, "path": "/" + rest, "query": query, "length": length,
                        "authorized": "Authorization" in self.headers, "type": self.headers.get("Content-Type"),
                        "range": self.headers.get("Content-Range"),
                        "text": body.decode("utf-8", "replace") if length < 65536 else None})
                    if fault and fault.get("cut") == "before":
                        return self.reset()
                    try:
                        if fault and "status" in fault:
                            raise Answer(fault["status"], fault.get("body"), fault.get("headers", {}))
                        self.route(world, "/" + rest, dict(urllib.parse.parse_qsl(query)), body)
                        answer = Answer(500)
                    except Answer as raised:
                        answer = raised
                if fault and fault.get("cut") == "after" or self.kills(world, number, "after"):
                    return self.reset()
                self.reply(answer.status, answer.body, answer.headers)

            do_GET = do_POST = do_PUT = do_DELETE = serve

            def reply(self, status, body, headers={}):
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                for key, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def fault(self, world, rest):
                for fault in world.faults:
                    if fault["method"] == self.command and fault["path"] in rest:
                        if fault.get("skip", 0) > 0:
                            fault["skip"] -= 1
                            continue
                        fault["times"] = fault.get("times", 1) - 1
                        if fault["times"] == 0:
                            world.faults.remove(fault)
                        return fault

            def kills(self, world, number, moment):
                """Ends the process that asks, without a word, at the moment of a request that was chosen for it."""
                with lock:
                    kill = world.kill
                    if not kill or kill["number"] != number or kill["moment"] != moment:
                        return False
                    world.kill, world.has_killed = None, True
                    os.kill(kill["pid"], signal.SIGKILL)
                    return True

            def control(self, world, body):
                with lock:
                    if self.command == "GET":
                        return self.reply(200, {
                            "log": world.log, "issued": world.issued, "lost": world.lost, "refresh": world.refresh,
                            "posts": world.posts, "open": len(world.sessions),
                            "counted": world.counted, "hasKilled": world.has_killed,
                            "files": {path: {key: file[key] for key in ("size", "sha256", "versions", "id")}
                                      for path, file in world.files.items()}})
                    orders = json.loads(body)
                    world.faults += orders.get("faults", [])
                    world.options.update(orders.get("options", {}))
                    world.folders |= set(orders.get("folders", []))
                    if "kill" in orders:
                        world.counted, world.kill, world.has_killed = 0, orders["kill"], False
                    world.pending = orders.get("pending", world.pending)
                    if "refresh" in orders:
                        world.refresh = orders["refresh"]
                    if orders.get("expireTokens"):
                        world.tokens, world.delegated = set(), set()
                    if orders.get("expireSessions"):
                        world.sessions = {}
                    self.reply(200, {})

            def route(self, world, path, query, body):
                if path.endswith("/oauth2/v2.0/token"):
                    self.token(world, dict(urllib.parse.parse_qsl(body.decode())))
                if path.endswith("/oauth2/v2.0/devicecode"):
                    raise Answer(200, {
                        "user_code": "ABCD1234", "device_code": "device-1", "expires_in": 900, "interval": world.options.get("interval", 5),
                        "verification_uri": "https://microsoft.com/devicelogin"})
                if path.startswith("/upload/"):
                    self.upload(world, path.split("/")[2], query, body)
                if path.startswith("/workflows/"):
                    self.workflow(world, body)
                if not path.startswith("/v1.0/"):
                    raise Answer(404)
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                if token not in world.tokens:
                    refuse(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
                limit = world.options.get("callsPerToken")
                if limit:
                    world.lost += 1
                    if world.lost % limit == 0:
                        world.tokens.discard(token)
                self.graph(world, path[5:], query, body, token in world.delegated)

            def token(self, world, form):
                grant = form.get("grant_type")
                if form.get("client_id") != "app":
                    entra(400, "unauthorized_client", 700016, "Application with identifier 'x' was not found.")
                if grant == "client_credentials":
                    if form.get("client_secret") != "s3cret" and "client_assertion" not in form:
                        entra(401, "invalid_client", 7000215, "Invalid client secret provided.")
                    if not form.get("scope", "").endswith("/.default"):
                        entra(400, "invalid_scope", 1002012, "The scope is not valid.")
                elif grant == "refresh_token":
                    if form.get("refresh_token") != world.refresh:
                        entra(400, "invalid_grant", 700082, "The refresh token has expired due to inactivity.")
                elif grant == "urn:ietf:params:oauth:grant-type:device_code":
                    if world.pending:
                        error = world.pending.pop(0)
                        raise Answer(400, {"error": error, "error_description": error})
                else:
                    entra(400, "unsupported_grant_type", 70003, "Grant not supported.")
                world.issued += 1
                token = f"token-{world.issued}"
                if world.options.get("stillborn", 0) > 0:
                    world.options["stillborn"] -= 1
                else:
                    world.tokens.add(token)
                answer = {"token_type": "Bearer", "expires_in": world.options.get("life", 3599), "access_token": token}
                if grant != "client_credentials":
                    world.delegated.add(token)
                    world.refresh = f"refresh-{world.issued}"
                    answer["refresh_token"] = world.refresh
                raise Answer(200, answer)

            def graph(self, world, path, query, body, delegated):
                if path == "/me" and delegated:
                    raise Answer(200, {"displayName": "Reports", "userPrincipalName": "reports@example.com"})
                if re.fullmatch("/(chats/[^/]+|teams/[^/]+/channels/[^/]+)/messages", path) and self.command == "POST":
                    if not delegated:
                        refuse(401, "Unauthorized", "Message POST is allowed in application-only context for import")
                    message = json.loads(body)
                    for attachment in message.get("attachments", []):
                        if f'<attachment id="{attachment["id"]}"></attachment>' not in message["body"]["content"]:
                            refuse(400, "BadRequest", "Attachment is not referenced by the body.")
                    world.posts.append({"path": path, "body": message})
                    raise Answer(201, {"id": f"16{len(world.posts)}"})
                site = urllib.parse.unquote(path)
                if site in ("/sites/example.sharepoint.com", "/sites/example.sharepoint.com:/sites/finance"):
                    raise Answer(200, {"id": "example.sharepoint.com,1,2"})
                if site.startswith("/sites/") and ":/" in site:
                    refuse(404, "itemNotFound", "Requested site could not be found")
                if site == "/sites/example.sharepoint.com,1,2/drive":
                    raise Answer(200, self.drive(world.drives[0]))
                if site == "/sites/example.sharepoint.com,1,2/drives":
                    skip = int(query.get("$skiptoken", 0))
                    page = {"value": [self.drive(world.drives[skip])]}
                    if skip + 1 < len(world.drives):
                        here = f"https://{self.headers['Host']}/{self.path.split('/')[1]}/v1.0{path}"
                        page["@odata.nextLink"] = f"{here}?$skiptoken={skip + 1}"
                    raise Answer(200, page)
                match = re.fullmatch("/drives/([^/]+)/root(?::/(.*?))?(?::/(content|createUploadSession))?", path)
                if not match or urllib.parse.unquote(match[1]) not in {drive["id"] for drive in world.drives}:
                    refuse(404, "itemNotFound", "Item not found")
                if match[2] is None:
                    raise Answer(200, {"id": "root"})
                segments = [urllib.parse.unquote(segment) for segment in match[2].split("/")]
                file = "/".join(segments)
                if match[3] is None:
                    if file not in world.files and file not in world.folders:
                        refuse(404, "itemNotFound", "Item not found")
                    raise Answer(200, world.item(file))
                self.check(segments)
                if file in world.folders:
                    refuse(409, "nameAlreadyExists", "Name already exists")
                if match[3] == "content":
                    if len(body) > 4 << 20:
                        refuse(413, "requestTooLarge", "Too large")
                    if query.get("@microsoft.graph.conflictBehavior") != "replace" and file in world.files:
                        refuse(409, "nameAlreadyExists", "Name already exists")
                    self.store(world, file, len(body), hashlib.sha256(body).hexdigest(), body)
                if json.loads(body)["item"]["@microsoft.graph.conflictBehavior"] != "replace":
                    refuse(400, "invalidRequest", "conflictBehavior")
                session = f"s{len(world.log)}"
                world.sessions[session] = {"path": file, "next": 0, "hash": hashlib.sha256()}
                port, name = self.headers["Host"].split(":")[1], self.path.split("/")[1]
                scheme = world.options.get("uploadScheme", "https")
                raise Answer(200, {
                    "uploadUrl": f"{scheme}://localhost:{port}/{name}/upload/{session}?tempauth=v1.hush",
                    "expirationDateTime": "2026-12-01T00:00:00Z"})

            def drive(self, drive):
                url = "https://example.sharepoint.com/sites/finance/" + urllib.parse.quote(drive["name"])
                return {**drive, "webUrl": url}

            def check(self, segments):
                if segments[0].lower() == "forms":
                    refuse(400, "invalidRequest", "The name is reserved")
                for name in segments:
                    stem = name.split(".")[0].upper()
                    lower = name.lower()
                    forbidden = r'["*:<>?\\|]|[\x00-\x1f]|^~'
                    if (not name or re.search(forbidden, name) or name != name.strip()
                            or name[-1] == "." or "_vti_" in lower or lower in (".lock", "desktop.ini")
                            or re.fullmatch("CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9]", stem)):
                        refuse(400, "invalidRequest", f"The provided name cannot contain this: {name}")

            def store(self, world, path, size, sha256, body=None):
                old = world.files.get(path)
                guid = f"4A0F5E2C-0000-4000-8000-{len(world.files):012X}"
                hashes = {"sha256Hash": sha256.upper()}
                if body is not None and len(body) < 65536:
                    hashes = {"quickXorHash": base64.b64encode(quick_xor(body)).decode()}
                if world.options.get("damages"):
                    hashes, size = {}, size - world.options["damages"]
                if world.options.get("adds"):
                    hashes = {"quickXorHash": "AAAA"}
                world.files[path] = {
                    "size": size, "sha256": sha256, "id": old["id"] if old else guid, "hashes": hashes,
                    "versions": (old["versions"] if old else 0) + 1}
                raise Answer(200 if old else 201, world.item(path))

            def upload(self, world, name, query, body):
                if "Authorization" in self.headers:
                    refuse(401, "unauthenticated", "An Authorization header is not allowed here")
                session = world.sessions.get(name)
                if session is None or query.get("tempauth") != "v1.hush":
                    refuse(404, "itemNotFound", "The upload session was not found")
                wanted = {"expirationDateTime": "2026-12-01T00:00:00Z", "nextExpectedRanges": [f"{session['next']}-"]}
                if self.command == "GET":
                    lie = world.options.pop("lie", None)
                    if lie is not None:
                        wanted["nextExpectedRanges"] = [f"{lie}-"]
                    raise Answer(200, wanted)
                match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", self.headers.get("Content-Range", ""))
                first, last, total = (int(part) for part in match.groups())
                if last - first + 1 != len(body):
                    refuse(400, "invalidRequest", "Content-Range doesn't fit the length")
                if len(body) > 60 << 20:
                    refuse(413, "requestTooLarge", "Too large")
                if first != session["next"]:
                    refuse(416, "invalidRange", "The uploaded fragment has already been received")
                if last + 1 < total and len(body) % UNIT:
                    refuse(400, "invalidRequest", "The fragment is no multiple of 320 KiB")
                session["hash"].update(body)
                session["next"] = last + 1
                if last + 1 < total:
                    wanted["nextExpectedRanges"] = [f"{last + 1}-{total - 1}"]
                    raise Answer(202, wanted)
                del world.sessions[name]
                self.store(world, session["path"], total, session["hash"].hexdigest())

            def workflow(self, world, body):
                if len(body) > CARD:
                    raise Answer(413)
                message = json.loads(body)
                card = message["attachments"][0]
                if message["type"] != "message" or card["contentType"] != "application/vnd.microsoft.card.adaptive":
                    refuse(400, "TriggerInputSchemaMismatch", "The input body does not match its schema.")
                world.posts.append({"body": card["content"]})
                raise Answer(202, None, {"x-ms-workflow-run-id": f"0858{len(world.posts)}"})


        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def finish_request(self, request, address):
                request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                try:
                    super().finish_request(context.wrap_socket(request, server_side=True), address)
                except OSError:
                    pass  # Connections that break are part of the tests.
        """#
}
