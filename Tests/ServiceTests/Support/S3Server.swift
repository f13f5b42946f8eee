import Foundation

/// A server of S3's in a process of its own, which checks each signature by botocore. It ends with the tests, which hold the
/// other end of its input.
final class S3Server: Sendable {
    let endpoint: String
    private let process = Process()
    private let input = Pipe()

    static let (id, secret, region) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-central-1")

    /// `slow`: of so many requests one is answered by 503; `cut`: of so many one isn't answered, though it is done.
    init(slow: Int = 0, cut: Int = 0) throws {
        let output = Pipe()
        // Debian's: botocore is one of its packages.
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", Self.script, Self.id, Self.secret, Self.region, "\(slow)", "\(cut)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data([0x0A]) {
            line += byte
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else { throw CocoaError(.executableLoad) }
        endpoint = "http://127.0.0.1:\(port)"
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    /// The objects of a bucket, with their SHA-256, as the server has them.
    func objects(_ bucket: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: try control(bucket))
    }

    /// Turns a byte of an object.
    func flip(_ name: String, in bucket: String) throws { _ = try control("\(bucket)/\(name)") }

    private func control(_ rest: String) throws -> Data {
        let curl = Process()
        curl.executableURL = URL(filePath: "/usr/bin/env")
        curl.arguments = ["curl", "-sf", "\(endpoint)/-/\(rest)"]
        let output = Pipe()
        curl.standardOutput = output
        try curl.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        curl.waitUntilExit()
        guard curl.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
        return data
    }

    private static let script = #"""
        import hashlib
        import http.server
        import json
        import os
        import socket
        import sys
        import threading
        import time
        import urllib.parse
        from xml.sax.saxutils import escape

        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        KEY, SECRET, REGION, SLOW, CUT = sys.argv[1:4] + [int(word) for word in sys.argv[4:6]]
        PAGE = 3
        lock = threading.RLock()
        objects, count = {}, 0


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
                global count
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
                if CUT and number % CUT == 0:
                    return self.cut()
                self.answer(*answer)

            def cut(self):
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True

            def error(self, status, code):
                return status, f"<Error><Code>{code}</Code></Error>".encode(), ()

            def carry_out(self, key, body):
                tag = '"' + hashlib.md5(objects[key]).hexdigest() + '"' if key in objects else None
                if self.command == "PUT":
                    if self.headers.get("If-None-Match") == "*" and tag:
                        return self.error(412, "PreconditionFailed")
                    if self.headers.get("If-Match", tag) != tag:
                        return self.error(412, "PreconditionFailed")
                    objects[key] = body
                    return 200, b"", ()
                if self.command == "DELETE":
                    objects.pop(key, None)
                    return 204, b"", ()
                if key:
                    return (200, objects[key], (("ETag", tag),)) if tag else self.error(404, "NoSuchKey")
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                names = sorted(name for name in objects if name.startswith(query.get("prefix", "")))
                names = [name for name in names if name > query.get("continuation-token", "")[6:]]
                more = len(names) > PAGE
                lines = [
                    f"<Contents><Key>{escape(name)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
                    for name in names[:PAGE]
                ]
                lines.append(f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>")
                if more:
                    lines.append(f"<NextContinuationToken>{escape('a+/=&b' + names[PAGE - 1])}</NextContinuationToken>")
                return 200, f"<ListBucketResult>{''.join(lines)}</ListBucketResult>".encode(), ()

            def control(self, rest):
                bucket, _, name = rest.partition("/")
                with lock:
                    if name:
                        content = bytearray(objects[name])
                        content[len(content) // 2] ^= 1
                        objects[name] = bytes(content)
                    digests = {name: hashlib.sha256(content).hexdigest() for name, content in objects.items()}
                self.answer(200, json.dumps(digests).encode())

            do_GET = do_PUT = do_DELETE = serve


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
