"""A pytest plugin: moto's tests call the registry of AWS_ENDPOINT_URL_GLUE instead of moto's mock.

Each test of moto begins with `mock_aws`, which starts an empty mock. Here it empties the registry instead. Results are
written to GLUE_RESULTS, one JSON object a line.
"""

import contextlib
import json
import os

import boto3
import moto


@contextlib.contextmanager
def empty_registry(*_args, **_options):
    client = boto3.client("glue", region_name="us-east-1")
    for registry in client.list_registries(MaxResults=100)["Registries"]:
        client.delete_registry(RegistryId={"RegistryName": registry["RegistryName"]})
    yield


# Before the tests are imported: they import the name.
moto.mock_aws = empty_registry


def pytest_runtest_logreport(report):
    if report.when != "call" and report.passed:
        return
    reason = "" if report.passed else str(report.longrepr).splitlines()[-1]
    with open(os.environ["GLUE_RESULTS"], "a", encoding="utf-8") as results:
        name = report.nodeid.split("::")[-1]
        results.write(json.dumps({"name": name, "passed": report.passed, "reason": reason}) + "\n")
