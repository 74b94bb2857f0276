"""Starts moto's server so that it carries out one request at a time.

moto serves requests in threads, and checks the condition of a write (ConditionExpression of DynamoDB, If-None-Match of S3) before it
stores, without a lock. Of two concurrent writes, the one whose condition no longer holds can win, which AWS rules out.
"""

from io import BytesIO
from threading import Lock

from moto import server
from werkzeug.wsgi import get_input_stream


class OneRequestAtATime(server.DomainDispatcherApplication):
    turn = Lock()

    def __call__(self, environ, start_response):
        # Read before the turn, because a client may send its body slowly.
        environ["wsgi.input"] = BytesIO(get_input_stream(environ).read())
        with self.turn:
            return super().__call__(environ, start_response)


server.DomainDispatcherApplication = OneRequestAtATime
server.main()
