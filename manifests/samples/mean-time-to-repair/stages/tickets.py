"""The tickets that are open in the plant's own system, by machine.

  TICKETS_URL            answers GET with a JSON list of the open ones, each an object with `machine`; further pages are
                         those that the header Link calls next
  TICKETS_AUTHORIZATION  the header Authorization, such as Bearer and a token; never shown
"""

import json
import os
import re
from collections import Counter
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from report_stage import stage
from report_stage.retries import retried

TIMEOUT = 20  # seconds
PAGES = 1000
PAGE_BYTES = 8 << 20
PASSING = (408, 425, 429)


class NoRedirects(HTTPRedirectHandler):
    """The authorization is for that server alone."""

    def redirect_request(self, *_):
        return None


OPENER = build_opener(NoRedirects)


def are_asked_for() -> bool:
    return bool(os.environ.get("TICKETS_URL"))


def may_pass(error: Exception) -> bool:
    if isinstance(error, HTTPError):
        return error.code >= 500 or error.code in PASSING
    return isinstance(error, (URLError, OSError))


def read(url: str) -> tuple[list[dict], str | None]:
    """A page of tickets, and where the next one is."""
    headers = {"Accept": "application/json"}
    if authorization := os.environ.get("TICKETS_AUTHORIZATION"):
        headers["Authorization"] = authorization.strip()
    with OPENER.open(Request(url, headers=headers), timeout=TIMEOUT) as answer:
        text = answer.read(PAGE_BYTES + 1)
        links = answer.headers.get("Link", "")
    if len(text) > PAGE_BYTES:
        raise ValueError(f"a page is longer than {PAGE_BYTES} bytes")
    tickets = json.loads(text)
    if not isinstance(tickets, list) or not all(isinstance(ticket, dict) for ticket in tickets):
        raise ValueError("the answer is no list of objects")
    following = re.search(r'<([^>]*)>\s*;[^,]*\brel="?next\b', links)
    return tickets, urljoin(url, following[1]) if following else None


def count_by_machine() -> Counter[str]:
    """How many are open for each machine."""
    first = url = os.environ["TICKETS_URL"]
    server = urlsplit(first)[:2]
    found: Counter[str] = Counter()
    try:
        for number in range(1, PAGES + 1):
            tickets, following = retried(lambda: read(url), may_pass=may_pass, what=f"page {number} of the tickets")
            found.update(machine for ticket in tickets if isinstance(machine := ticket.get("machine"), str))
            if following is None:
                return found
            if urlsplit(following)[:2] != server:
                raise ValueError("the next page is on another server")
            url = following
        raise ValueError(f"there are more than {PAGES} pages")
    except (URLError, OSError, ValueError) as error:
        # What an address holds behind the server's name may be a secret.
        stage.fail(stage.UNAVAILABLE, f"the tickets of {server[1].rpartition('@')[2]} can't be read: {error}")
