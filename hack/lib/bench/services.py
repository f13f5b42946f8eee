"""hack/services' MongoDB and Redis."""
import pathlib
import subprocess
from contextlib import contextmanager

from cluster import exports


class Services:
    def __init__(self, name, folder):
        self.name = name
        values = exports("services", name)
        self.redis_url = values["REDIS_URL"]
        mongodb, redis = pathlib.Path(folder) / "mongodb-uri", pathlib.Path(folder) / "redis-url"
        for file, text in ((mongodb, values["MONGODB_URI"]), (redis, self.redis_url)):
            file.touch(0o600)
            file.write_text(text, encoding="utf-8")
        self.redis_options = ("--redis-url-file", str(redis))
        self.options = ("--mongodb-uri-file", str(mongodb), *self.redis_options)

    def tell(self, command, service):
        """`start` returns once it takes writes again."""
        subprocess.run(["hack/services", "--name", self.name, command, service], check=True, timeout=120,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @contextmanager
    def without_mongodb(self, leave, come_back):
        self.tell(leave, "mongodb")
        try:
            yield
        finally:
            self.tell(come_back, "mongodb")
