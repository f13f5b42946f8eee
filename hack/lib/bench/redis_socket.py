"""Redis' protocol over one socket: as much of it as the measurements need."""
import socket
import threading
import time
import urllib.parse


class RedisSocket:
    def __init__(self, url, timeout=30):
        parts = urllib.parse.urlparse(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.call("AUTH", parts.username, parts.password)

    def call(self, *command):
        return self.call_all([command])[0]

    def call_all(self, commands):
        """Sends all in one go; the answers in their order."""
        self.socket.sendall(b"".join(_encode(command) for command in commands))
        return [self.answer() for _ in commands]

    def answer(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("Redis closed the connection")
        kind, text = line[:1], line[1:-2].decode()
        match kind:
            case b"-":
                raise RuntimeError(f"Redis: {text}")
            case b":":
                return int(text)
            case b"$":
                return None if text == "-1" else self.file.read(int(text) + 2)[:-2].decode()
            case b"*":
                return [self.answer() for _ in range(int(text))]
            case _:
                return text

    def close(self):
        self.file.close()
        self.socket.close()


class Listener(threading.Thread):
    """Notes when messages of a channel come, as (moment, message)."""

    def __init__(self, url, channel):
        super().__init__(daemon=True)
        self.redis = RedisSocket(url, timeout=None)
        self.redis.call("SUBSCRIBE", channel)
        self.messages = []
        self.start()

    def run(self):
        try:
            while True:
                _, _, message = self.redis.answer()
                self.messages.append((time.time(), message))
        except (OSError, ValueError):
            pass  # The server is gone, and with it all that could come.


def _encode(command):
    words = [str(word).encode() for word in command]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
