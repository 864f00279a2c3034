"""Dialect 3: JSON without a length, 200, body; commands come from standard input."""
import json
import os
import socket
import sys

sock = socket.socket()
sock.connect((sys.argv[1], int(sys.argv[2])))
for command in sys.stdin:
    action, path = command.strip().split(" ")
    info = {"action": action, "filename": os.path.basename(path), "filesize": os.path.getsize(path)}
    sock.send(json.dumps(info).encode("utf8"))
    code = sock.recv(1024).decode("utf8")
    print(code, flush=True)
    if code == "200":
        with open(path, "rb") as f:
            for line in f:
                sock.send(line)
sock.close()
