#!/usr/bin/env python3
"""Extract: reads the open orders from the ERP's web service (SOAP), page by page.

The ERP goes on meanwhile. Each page says of which revision of the orders it is; where that changes, what was read so
far is of two moments, and reading begins again. A web service without such a number has some other sign: the time of
the last change, or the number of all orders, asked before and after.
"""

import os
from collections import Counter
from datetime import datetime, timezone
from decimal import Decimal

import requests
import zeep
from requests.auth import HTTPBasicAuth
from zeep.transports import Transport

import handover
from report_stage import stage
from report_stage.retries import retried

PAGE_SIZE = int(os.environ.get("ERP_PAGE_SIZE") or "500")
# Of one call, in seconds: a server that hangs must not take the stage's whole time.
TIMEOUT = float(os.environ.get("ERP_TIMEOUT") or "60")
READINGS = 5


def connect() -> zeep.Client:
    """Reads the service's description. Its password comes by a Secret, and is never printed."""
    wsdl = os.environ.get("ERP_WSDL")
    if not wsdl:
        stage.fail(stage.NO_CONFIGURATION, "ERP_WSDL is not set, expected such as https://erp.example.com/orders?wsdl")
    session = requests.Session()
    if user := os.environ.get("ERP_USER"):
        session.auth = HTTPBasicAuth(user, os.environ.get("ERP_PASSWORD", ""))
    transport = Transport(session=session, timeout=TIMEOUT, operation_timeout=TIMEOUT)
    return retried(lambda: zeep.Client(wsdl, transport=transport), may_pass=may_pass, what="ERP")


def may_pass(error: Exception) -> bool:
    """Whether it may be gone at the next try. By SOAP, a fault of the client's stays; one of the server's may pass."""
    if isinstance(error, (requests.ConnectionError, requests.Timeout)):
        return True
    if isinstance(error, requests.HTTPError):
        return error.response is not None and is_passing_status(error.response.status_code)
    if isinstance(error, zeep.exceptions.TransportError):
        return is_passing_status(error.status_code)
    if isinstance(error, zeep.exceptions.Fault):
        # SOAP 1.1 says Server, 1.2 Receiver; with a prefix, and perhaps with more behind a dot.
        code = str(error.code or "").rpartition(":")[2].partition(".")[0]
        return code in ("Server", "Receiver")
    return False


def is_passing_status(status: int) -> bool:
    return status == 429 or status >= 500


def read(service: zeep.proxy.ServiceProxy, plant: str) -> tuple[list, datetime]:
    """All open orders of one moment, and when that was."""
    for reading in range(1, READINGS + 1):
        orders: list = []
        began = datetime.now(timezone.utc)
        revision = number = None
        while True:
            number = (number or 0) + 1
            page = retried(
                lambda: service.ListOpenOrders(plant=plant, page=number, pageSize=PAGE_SIZE),
                may_pass=may_pass,
                what=f"page {number}",
            )
            revision = page.revision if revision is None else revision
            if page.revision != revision:
                change = f"revision {revision} became {page.revision}, seen on page {number}"
                print(f"extract_orders: the orders changed meanwhile ({change}): reading {reading} of {READINGS} ends")
                break
            orders += page.order or []
            if not page.more:
                check(orders, page.total)
                return orders, began
    stage.fail(
        stage.UNAVAILABLE,
        f"the orders changed in each of {READINGS} readings; ask for the report at a quieter time",
    )


def check(orders: list, total: int) -> None:
    if len(orders) != total:
        stage.fail(stage.BAD_DATA, f"the ERP says that there are {total} open orders, and its pages have {len(orders)}")
    twice = [number for number, count in Counter(order.number for order in orders).items() if count > 1]
    stage.fail_for(f"order {number} is on more than one page" for number in twice)
    stage.fail_for(
        f"order {order.number}: {order.quantity} of {order.material} can't be ordered"
        for order in orders
        if not Decimal(order.quantity).is_finite() or order.quantity <= 0
    )


def main() -> None:
    plant = handover.plant()
    try:
        client = connect()
        orders, as_of = read(client.service, plant)
    except zeep.exceptions.Fault as fault:
        code = stage.UNAVAILABLE if may_pass(fault) else stage.BAD_REQUEST
        stage.fail(code, f"the ERP answers with a fault: {fault.message}")
    except (zeep.exceptions.Error, requests.RequestException) as error:
        stage.fail(stage.UNAVAILABLE, f"the ERP can't be read: {type(error).__name__}: {error}")
    rows = [[order.number, order.material, str(order.quantity), str(order.amount)] for order in orders]
    handover.leave(handover.ORDERS, rows, as_of)
    print(f"extract_orders: {len(rows)} open orders of {plant}")


if __name__ == "__main__":
    stage.run(main)
