import Foundation
import ProgramSupport

/// A server of S3's in a process of its own, which checks each signature by botocore. It ends with the tests, which hold the
/// other end of its input.
package final class S3Server: Sendable {
    package let endpoint: String
    private let program: ChildProgram

    package static let (id, secret, region) = (
        "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-central-1"
    )

    /// What the server holds.
    package struct State: Decodable, Sendable {
        /// The SHA-256 of each object, by its name.
        package let objects: [String: String]
        /// The names of objects that are being sent in parts.
        package let uploads: [String]
        /// How many parts it took in all.
        package let parts: Int
        /// The longest body that it took or gave, in bytes.
        package let longest: Int
    }

    /// `slow`: one in that many requests is answered by 503; `cut`: one in that many isn't answered, though it is done.
    /// `smallestPart`: as S3 has it, of all parts of an object but the last; in bytes.
    package init(slow: Int = 0, cut: Int = 0, smallestPart: Int = 5 << 20) throws {
        // Debian's: botocore is one of its packages.
        program = try ChildProgram(
            [
                "/usr/bin/python3", "-c", Self.script, Self.id, Self.secret, Self.region, "\(slow)", "\(cut)",
                "\(smallestPart)",
            ], input: .pipe, output: .pipe)
        guard let port = try program.readLine().flatMap({ Int($0) }) else { throw CocoaError(.executableLoad) }
        endpoint = "http://127.0.0.1:\(port)"
    }

    deinit {
        program.closeInput()
        program.signal(SIGTERM)
    }

    /// The variables by which Amazon's own tools, and this software, find it.
    package var environment: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": Self.id, "AWS_SECRET_ACCESS_KEY": Self.secret, "AWS_REGION": Self.region,
            "AWS_ENDPOINT_URL": endpoint,
        ]
    }

    package func state() throws -> State { try JSONDecoder().decode(State.self, from: try control("")) }

    /// The objects with their SHA-256.
    package func objects() throws -> [String: String] { try state().objects }

    /// Turns a byte of an object.
    package func flip(_ name: String) throws { _ = try control(name) }

    private func control(_ rest: String) throws -> Data {
        try ChildProgram.output(of: ["curl", "-sf", "\(endpoint)/-/\(rest)"])
    }

    private static let script = #"""
        import hashlib
        import http.server
        import json
        import os
        import socket
        import sys
        import threading
        import urllib.parse
        from xml.etree import ElementTree
        from xml.sax.saxutils import escape

        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        KEY, SECRET, REGION, SLOW, CUT, SMALLEST = sys.argv[1:4] + [int(word) for word in sys.argv[4:7]]
        PAGE = 3
        OLD = "2026-01-01T00:00:00.000Z"
        lock = threading.RLock()
        count, parts, longest = 0, 0, 0
        # By name: an object's content, tag and digest by its writer; by id: an upload's object, digest and parts.
        objects, uploads, refused = {}, {}, set()


        def fault(request):
            """Why the signature isn't right: what botocore makes of the same request is another one."""
            words = request.headers.get("Authorization", "")
            if not words.startswith("AWS4-HMAC-SHA256 "):
                return "AccessDenied"
            fields = dict(part.strip().split("=", 1) for part in words.split(" ", 1)[1].split(","))
            key, scope = fields["Credential"].split("/", 1)
            moment = request.headers["x-amz-date"]
            if key != KEY:
                return "InvalidAccessKeyId"
            if scope != f"{moment[:8]}/{REGION}/s3/aws4_request":
                return "AuthorizationHeaderMalformed"
            names = fields["SignedHeaders"].split(";")
            sent = [name.lower() for name in request.headers.keys()]
            if names != sorted(names) or not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names):
                return "AccessDenied"
            if any(name.startswith("x-amz-") and name not in names for name in sent):
                return "AccessDenied"
            url = urllib.parse.urlsplit(request.path)
            query = urllib.parse.parse_qsl(url.query, keep_blank_values=True)
            own = AWSRequest(
                request.command,
                f"http://{request.headers['host']}{urllib.parse.unquote(url.path)}",
                headers={name: request.headers[name] for name in names if name != "host"},
                params=dict(query),
            )
            own.context["timestamp"] = moment
            auth = S3SigV4Auth(Credentials(KEY, SECRET), "s3", REGION)
            prepared = own
            text = auth.string_to_sign(prepared, auth.canonical_request(prepared))
            return None if auth.signature(text, prepared) == fields["Signature"] else "SignatureDoesNotMatch"


        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *words):
                pass

            def answer(self, status, body=b"", headers=()):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def refuse(self, status, code):
                self.answer(status, f"<Error><Code>{code}</Code><Message>{code} &amp; so on</Message></Error>".encode())

            def serve(self):
                global count, longest
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
                if path.startswith("/-/"):
                    return self.control(path[3:])
                with lock:
                    count += 1
                    number = count
                if SLOW and number % SLOW == 0:
                    return self.refuse(503, "SlowDown")
                if SLOW and number % SLOW == SLOW // 2:
                    # It breaks before anything is done.
                    return self.cut()
                why = fault(self)
                if why is None and hashlib.sha256(body).hexdigest() != self.headers["x-amz-content-sha256"]:
                    why = "XAmzContentSHA256Mismatch"
                if why:
                    return self.refuse(403, why)
                bucket, _, key = path[1:].partition("/")
                if bucket != "reports":
                    return self.refuse(404, "NoSuchBucket")
                with lock:
                    answer = self.carry_out(key, body)
                    longest = max(longest, len(body), len(answer[1]))
                if CUT and number % CUT == 0:
                    return self.cut()
                self.answer(*answer)

            def cut(self):
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True

            def error(self, status, code):
                return status, f"<Error><Code>{code}</Code></Error>".encode(), ()

            def carry_out(self, key, body):
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query, keep_blank_values=True))
                if "uploads" in query and self.command == "GET":
                    return self.list_uploads(query)
                if "uploads" in query or "uploadId" in query:
                    return self.upload(key, query, body)
                if self.command == "PUT":
                    if self.is_refused(key):
                        return self.error(412, "PreconditionFailed")
                    self.keep(key, body, hashlib.md5(body).hexdigest(), self.headers.get("x-amz-meta-sha256"))
                    return 200, b"", ()
                if self.command == "DELETE":
                    objects.pop(key, None)
                    return 204, b"", ()
                return self.read(key) if key else self.list_objects(query)

            def keep(self, key, content, tag, digest):
                objects[key] = content, f'"{tag}"', digest

            def is_refused(self, key):
                tag = objects[key][1] if key in objects else None
                return (self.headers.get("If-None-Match") == "*" and tag) or self.headers.get("If-Match", tag) != tag

            def read(self, key):
                if key not in objects:
                    return self.error(404, "NoSuchKey")
                if self.is_refused(key):
                    return self.error(412, "PreconditionFailed")
                content, tag, digest = objects[key]
                more = [("ETag", tag)] + ([("x-amz-meta-sha256", digest)] if digest else [])
                if "Range" not in self.headers:
                    return 200, content, more
                first, last = (int(word) for word in self.headers["Range"].removeprefix("bytes=").split("-"))
                if first >= len(content):
                    return self.error(416, "InvalidRange")
                piece = content[first : last + 1]
                place = f"bytes {first}-{first + len(piece) - 1}/{len(content)}"
                return 206, piece, more + [("Content-Range", place)]

            def upload(self, key, query, body):
                global parts
                if self.command == "POST" and "uploads" in query:
                    name = f"u&{len(uploads)}-{count}"
                    uploads[name] = key, self.headers.get("x-amz-meta-sha256"), {}
                    text = f"<InitiateMultipartUploadResult><UploadId>{escape(name)}</UploadId></InitiateMultipartUploadResult>"
                    return 200, text.encode(), ()
                name = query["uploadId"]
                if name not in uploads or uploads[name][0] != key:
                    return self.error(404, "NoSuchUpload")
                key, digest, sent = uploads[name]
                if self.command == "DELETE":
                    del uploads[name]
                    return 204, b"", ()
                if self.command == "PUT":
                    tag = f'"{hashlib.md5(body).hexdigest()}"'
                    sent[int(query["partNumber"])] = tag, body
                    parts += 1
                    return 200, b"", (("ETag", tag),)
                if SLOW and name not in refused:
                    # As S3 does it where it has begun to answer before it failed.
                    refused.add(name)
                    return 200, self.error(500, "InternalError")[1], ()
                named = [
                    (int(part.findtext("{*}PartNumber")), part.findtext("{*}ETag"))
                    for part in ElementTree.fromstring(body).findall("{*}Part")
                ]
                if not named:
                    return self.error(400, "MalformedXML")
                numbers = [number for number, _ in named]
                if numbers != sorted(set(numbers)) or any(sent.get(number, [None])[0] != tag for number, tag in named):
                    return self.error(400, "InvalidPart")
                pieces = [sent[number][1] for number in numbers]
                if any(len(piece) < SMALLEST for piece in pieces[:-1]):
                    return self.error(400, "EntityTooSmall")
                if self.is_refused(key):
                    return self.error(412, "PreconditionFailed")
                del uploads[name]
                content = b"".join(pieces)
                self.keep(key, content, f"{hashlib.md5(content).hexdigest()}-{len(pieces)}", digest)
                return 200, b"<CompleteMultipartUploadResult></CompleteMultipartUploadResult>", ()

            def list_objects(self, query):
                names = sorted(name for name in objects if name.startswith(query.get("prefix", "")))
                names = [name for name in names if name > query.get("continuation-token", "")[6:]]
                more = len(names) > PAGE
                lines = [
                    f"<Contents><Key>{escape(name)}</Key><LastModified>{OLD}</LastModified></Contents>"
                    for name in names[:PAGE]
                ]
                lines.append(f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>")
                if more:
                    lines.append(f"<NextContinuationToken>{escape('a+/=&b' + names[PAGE - 1])}</NextContinuationToken>")
                return 200, f"<ListBucketResult>{''.join(lines)}</ListBucketResult>".encode(), ()

            def list_uploads(self, query):
                after = query.get("key-marker", ""), query.get("upload-id-marker", "")
                found = sorted((key, name) for name, (key, _, _) in uploads.items())
                found = [each for each in found if each[0].startswith(query.get("prefix", "")) and each > after]
                more = len(found) > PAGE
                lines = [
                    f"<Upload><Key>{escape(key)}</Key><UploadId>{escape(name)}</UploadId><Initiated>{OLD}</Initiated></Upload>"
                    for key, name in found[:PAGE]
                ]
                lines.append(f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>")
                if more:
                    key, name = found[PAGE - 1]
                    lines.append(f"<NextKeyMarker>{escape(key)}</NextKeyMarker>")
                    lines.append(f"<NextUploadIdMarker>{escape(name)}</NextUploadIdMarker>")
                return 200, f"<ListMultipartUploadsResult>{''.join(lines)}</ListMultipartUploadsResult>".encode(), ()

            def control(self, name):
                with lock:
                    if name:
                        content, tag, digest = objects[name]
                        changed = bytearray(content)
                        changed[len(changed) // 2] ^= 1
                        objects[name] = bytes(changed), tag, digest
                    state = {
                        "objects": {name: hashlib.sha256(each[0]).hexdigest() for name, each in objects.items()},
                        "uploads": [key for key, _, _ in uploads.values()],
                        "parts": parts,
                        "longest": longest,
                    }
                self.answer(200, json.dumps(state).encode())

            do_GET = do_PUT = do_POST = do_DELETE = serve


        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64


        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}
