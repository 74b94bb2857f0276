"""Runs commands of the AWS CLI: reads one JSON request per line from stdin, writes one JSON answer per line to stdout.

A request has the arguments that would follow `aws`. An answer has the exit code and the text of stdout and stderr. Each
command has a driver of its own, as in a process of its own, which would take most of its time to load its modules.
"""

import contextlib
import io
import json
import sys

from awscli.clidriver import create_clidriver


def run(args):
    # With bytes below them, as the CLI expects of its streams.
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            code = create_clidriver().main(args)
        except SystemExit as ended:  # as argparse ends the process of a wrong command
            code = ended.code
    stdout, stderr = (stream.buffer.getvalue().decode() for stream in streams)
    return {"code": code, "stdout": stdout, "stderr": stderr}


def main():
    for line in sys.stdin:
        try:
            answer = run(**json.loads(line))
        except Exception as error:  # a defect of the program, not a refused request
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


main()
