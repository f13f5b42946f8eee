extension GraphServer {
    /// The end of the script: Microsoft's mail server, and the start of all.
    static let mailScript = #"""


        def smtp(connection):
            """Of a world, whose name is the user's; takes its tokens by XOAUTH2."""
            stream, user = connection.makefile("rwb"), None

            def say(text):
                stream.write(text.encode() + b"\r\n")
                stream.flush()

            say("220 smtp.example.com ESMTP")
            while line := stream.readline().decode().strip():
                verb = line.split(" ")[0].upper()
                if verb == "EHLO":
                    say("250-smtp.example.com\r\n250-AUTH LOGIN XOAUTH2\r\n250 SIZE 1000000")
                elif verb == "AUTH":
                    parts = line.split(" ")
                    if len(parts) < 3:
                        say("334 ")
                        parts.append(stream.readline().decode().strip())
                    fields = base64.b64decode(parts[2]).decode().split("\x01")
                    name = fields[0].removeprefix("user=")
                    world = worlds.setdefault(name.split("@")[0], World())
                    if fields[1].removeprefix("auth=Bearer ") in world.tokens:
                        user = world
                        say("235 2.7.0 Authentication successful")
                    else:
                        say("334 " + base64.b64encode(b'{"status":"401","schemes":"Bearer"}').decode())
                        stream.readline()
                        say("535 5.7.3 Authentication unsuccessful")
                elif user is None and verb in ("MAIL", "RCPT", "DATA"):
                    say("530 5.7.57 Client not authenticated")
                elif verb == "DATA":
                    say("354 Go on")
                    while stream.readline() != b".\r\n":
                        pass
                    user.posts.append({"path": "smtp", "body": {}})
                    say("250 2.0.0 Ok")
                else:
                    say("221 Bye" if verb == "QUIT" else "250 Ok")


        class Mail(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def finish_request(self, request, address):
                try:
                    smtp(context.wrap_socket(request, server_side=True))
                except OSError:
                    pass


        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        mail = Mail(("127.0.0.1", 0), None)
        threading.Thread(target=mail.serve_forever, daemon=True).start()
        print(server.server_address[1], mail.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}
