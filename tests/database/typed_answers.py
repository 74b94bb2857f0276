"""Runs a command on a terminal of its own and types an answer to each question.

typed_answers.py QUESTIONS COMMAND... QUESTIONS is JSON: [["Password", "secret\\r"], ...]. Prints JSON: what the terminal
showed, the exit code, and whether the terminal echoes again at the end.
"""
import json
import os
import pty
import select
import sys
import termios
import time

questions = json.loads(sys.argv[1])
master, slave = pty.openpty()
child = os.fork()
if child == 0:
    os.close(master)
    os.login_tty(slave)
    os.execvp(sys.argv[2], sys.argv[2:])

seen = b""
deadline = time.monotonic() + 90


def read() -> bool:
    """Reads what the terminal shows now. False: nothing for a while."""
    global seen
    if time.monotonic() > deadline:
        os.kill(child, 9)
        sys.exit(f"no end; seen: {seen!r}")
    ready, _, _ = select.select([master], [], [], 0.2)
    if ready:
        seen += os.read(master, 65536)
    return bool(ready)


at = 0
for question, answer in questions:
    while seen.find(question.encode(), at) < 0:
        if not read() and os.waitpid(child, os.WNOHANG)[0]:
            sys.exit(f"ended before {question!r}; seen: {seen!r}")
    at = len(seen)
    os.write(master, answer.encode())
status = None
while status is None:
    read()
    ended, code = os.waitpid(child, os.WNOHANG)
    if ended:
        status = os.waitstatus_to_exitcode(code)
while read():
    pass
echoes = bool(termios.tcgetattr(slave)[3] & termios.ECHO)
print(json.dumps({"shown": seen.decode(), "code": status, "echoes": echoes}))
