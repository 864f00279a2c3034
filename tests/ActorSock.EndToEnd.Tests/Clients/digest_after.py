"""Dialect 1 as the course teaches it: length, JSON, body line by line, OK, digest, verdict. Commands come from standard input."""
import hashlib
import json
import os
import socket
import struct
import sys

sock = socket.socket()
sock.connect((sys.argv[1], int(sys.argv[2])))
for command in sys.stdin:
    action, path = command.strip().split(" ")
    header = json.dumps({"action": action, "filename": os.path.basename(path), "filesize": os.path.getsize(path)}).encode("utf8")
    sock.send(struct.pack("i", len(header)))
    sock.send(header)
    md5 = hashlib.md5()
    with open(path, "rb") as f:
        for line in f:
            sock.send(line)
            md5.update(line)
    sock.recv(1024)
    sock.send(md5.hexdigest().encode("utf8"))
    print(sock.recv(1024).decode("utf8"), flush=True)
sock.close()
