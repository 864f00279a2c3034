"""Dialect 4: JSON, the body right behind it, close; no word from the server."""
import json
import os
import socket
import sys

sk = socket.socket()
sk.connect((sys.argv[1], int(sys.argv[2])))
path = sys.argv[3]
sk.send(json.dumps({"filename": os.path.basename(path), "filesize": os.path.getsize(path)}).encode("utf-8"))
with open(path, mode="rb") as f:
    sk.sendall(f.read())
sk.close()
