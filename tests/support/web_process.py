"""One process of the web role, as the supervisor runs it, on a socket that outlives it; made to be killed.

`python -m tests.support.web_process DESCRIPTOR`, with its settings in the environment.
"""

import os
import socket
import sys

from fedi.app import serve_web
from fedi.settings import load

if __name__ == "__main__":
    serve_web(load(os.environ), socket.socket(fileno=int(sys.argv[1])))
