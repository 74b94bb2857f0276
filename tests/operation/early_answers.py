"""Sends 10 MB with http.client, which sends all before it reads, and prints the statuses that it gets."""

import collections
import http.client
import json
import sys

JSON = {"content-type": "application/json"}
ORDER = b'{"user_id":"python","order_items":[{"product_id":1,"quantity":1}]}'


def chunks():
    for _ in range(160):
        yield b" " * 62_500


def status_of(headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=30)
    try:
        connection.request("POST", "/orders", body, headers)
        return connection.getresponse().status
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


requests = {
    "too large": lambda: status_of(JSON, b" " * 10_000_000),
    "chunks too large": lambda: status_of(JSON, chunks()),
    "another type": lambda: status_of({"content-type": "text/csv"}, b" " * 10_000_000),
    "order": lambda: status_of(JSON, ORDER),
}
seen = {name: collections.Counter(send() for _ in range(8)) for name, send in requests.items()}
print(json.dumps(seen))
