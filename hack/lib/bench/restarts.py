"""Two gateways that are restarted one after the other while many ask for lists and follow the events.

Whoever follows goes on at the other gateway from the last event that she had, and has to have heard of every change. Where
that one says that it can't know what she has missed, since it began later (`reset`), she looks at the list, as a page does.
"""
import json
import re
import subprocess
import threading
import time
import urllib.error
import urllib.request

from table import note, row, wait

SECONDS, CONNECTIONS, FOLLOWERS = 60, 200, 50


def measure(one, other, namespace, script):
    """`script`: of wrk's, with the headers."""
    note(f"two gateways, {CONNECTIONS} connections and {FOLLOWERS} followers for {SECONDS} s, each restarted once")
    followers = [Follower((one, other) if n % 2 else (other, one)) for n in range(FOLLOWERS)]
    loads, changes = [], Changes((one, other), namespace)
    try:
        for follower in followers:
            wait("a follower's first event", lambda: follower.last or follower.failure)
        changes.start()
        loads = [subprocess.Popen(
            ["wrk", "-t1", f"-c{CONNECTIONS // 2}", f"-d{SECONDS}s", "-s", str(script),
             gateway.address + "/requests?limit=50"], stdout=subprocess.PIPE, text=True) for gateway in (one, other)]
        begin, away = time.monotonic(), []
        for gateway, second in ((one, SECONDS / 3), (other, SECONDS * 2 / 3)):
            time.sleep(max(0, begin + second - time.monotonic()))
            stopped = time.monotonic()
            gateway.restart()
            wait("the gateway to answer again", gateway.answers)
            away.append(time.monotonic() - stopped)
        texts = [load.communicate(timeout=SECONDS + 30)[0] for load in loads]
        changes.stop()
        # What is on its way arrives within a moment; what is lost never does.
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and any(follower.lacks(changes.made) for follower in followers):
            time.sleep(0.2)
        report(texts, changes.made, followers, away)
    finally:
        changes.stop()
        for load in loads:
            load.kill()
        for follower in followers:
            follower.stop()


def report(texts, made, followers, away):
    for follower in followers:
        if follower.failure:
            raise follower.failure
    lost = sum(len(follower.lacks(made)) for follower in followers)
    errors = sum(int(found) for text in texts for found in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
    count = sum(int(re.search(r"(\d+) requests in", text).group(1)) for text in texts)
    row(f"two gateways, each restarted once under {CONNECTIONS} connections: lists answered in {SECONDS} s", f"{count}")
    row("the same: answers that were errors", f"{errors}", at_most="0")
    row(f"the same: changes of {len(made)} that one of {FOLLOWERS} followers wasn't told of", f"{lost}", at_most="0")
    row("the same: times that they went on at the other gateway, of these with a look at the list",
        f"{sum(follower.moves for follower in followers)}, {sum(follower.looks for follower in followers)}")
    row("the same: longest that a gateway was away", f"{max(away):.1f} s")
    if lost or errors or not made:
        raise RuntimeError(f"{lost} events lost, {errors} errors, {len(made)} changes")


class Follower:
    """Follows the events at one gateway, and where that ends, at the other, from where it was."""

    def __init__(self, gateways):
        self.gateways, self.last, self.moves, self.looks, self.failure = gateways, None, 0, 0, None
        self._stopped, self._heard, self._seen = False, set(), {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self):
        self._stopped = True

    def lacks(self, made):
        """Changes that she was neither told of nor saw the outcome of, when she looked."""
        return [(name, version) for name, version in made.copy()
                if (name, version) not in self._heard and int(version) > self._seen.get(name, 0)]

    def _run(self):
        turn = 0
        while not self._stopped:
            try:
                self._follow(self.gateways[turn % 2])
            except urllib.error.HTTPError as error:
                self.failure = RuntimeError(f"{error.code} for a follower: {error.read()[:300]}")
                return
            except (OSError, ValueError):
                # The one that goes takes nobody any more, and what it was saying may end anywhere.
                time.sleep(0.1)
            turn += 1
            self.moves += 1

    def _follow(self, gateway):
        headers = {"Authorization": f"Bearer {gateway.token}"} | ({"Last-Event-ID": self.last} if self.last else {})
        request = urllib.request.Request(gateway.address + "/events", headers=headers)
        # Longer than between two signs of life.
        with urllib.request.urlopen(request, timeout=40) as answer:
            event = {}
            for line in answer:
                if self._stopped:
                    return
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    event[name] = value
                    continue
                self._take(event, gateway)
                event = {}

    def _take(self, event, gateway):
        if event.get("event") == "reset":
            items = gateway.call("GET", "/requests?limit=500&live=true")["items"]
            self._seen = {item["name"]: int(item["resourceVersion"]) for item in items}
            self.looks += 1
        if event.get("event") == "request":
            request = json.loads(event["data"])
            self._heard.add((request["name"], request["resourceVersion"]))
        self.last = event.get("id", self.last)


class Changes:
    """Changes one request after the other at whichever gateway answers, ten times a second."""

    def __init__(self, gateways, namespace):
        self.made = set()
        self._gateways, self._namespace, self._stopped = gateways, namespace, threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(30)

    def _run(self):
        number = 0
        while not self._stopped.wait(0.1):
            number += 1
            name, body = f"live-{number % 20}", json.dumps({"priority": 100 + number % 800})
            for gateway in self._gateways:
                try:
                    changed = gateway.call("PATCH", f"/requests/{self._namespace}/{name}", body)
                except OSError:
                    # Whether it was made isn't known; the other one says what it is now.
                    continue
                self.made.add((name, changed["resourceVersion"]))
                break
