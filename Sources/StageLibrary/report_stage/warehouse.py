"""The warehouse: a MariaDB or MySQL in which stages compute. Needs pymysql."""

import os
from urllib.parse import unquote, urlsplit

import pymysql

from report_stage import stage


def connect_to_warehouse() -> pymysql.Connection:
    """The database that `WAREHOUSE_DSN` names: mysql://USER:PASSWORD@HOST:PORT/DATABASE."""
    return connect("WAREHOUSE_DSN")


def connect(variable: str) -> pymysql.Connection:
    """The database that an environment variable names in the same way: one that is read beside the warehouse."""
    dsn = os.environ.get(variable)
    if not dsn:
        expected = "expected mysql://USER:PASSWORD@HOST:PORT/DATABASE"
        stage.fail(stage.NO_CONFIGURATION, f"{variable} is not set, {expected}")
    place = urlsplit(dsn)
    return pymysql.connect(
        host=place.hostname,
        port=place.port or 3306,
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        database=place.path.lstrip("/"),
        charset="utf8mb4",
        connect_timeout=10,
    )
