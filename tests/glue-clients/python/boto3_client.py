"""Calls boto3: reads one JSON request per line from stdin, writes one JSON answer per line to stdout.

A request has the operation and its input. With pageSize it is made by boto3's paginator, and the answer has all rows.
"""

import json
import sys

import boto3
from botocore import xform_name


def act(client, operation, input, pageSize=None):
    name = xform_name(operation)
    if pageSize is None:
        answer = getattr(client, name)(**input)
        assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
        return answer
    pages = client.get_paginator(name).paginate(**input, PaginationConfig={"PageSize": pageSize})
    return {"rows": [row for page in pages for row in rows_of(page)]}


def rows_of(page):
    return next(member for member in page.values() if isinstance(member, list))


def main():
    client = boto3.client("glue", region_name="us-east-1")
    for line in sys.stdin:
        try:
            answer = act(client, **json.loads(line))
        except Exception as error:  # the caller decides whether a failure is expected
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, default=str), flush=True)


main()
