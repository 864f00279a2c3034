"""Dialect 1 by a client that sends the digest right behind the body, in one piece, and reads the replies afterwards."""
import hashlib
import json
import os
import socket
import struct
import sys

sock = socket.socket()
sock.connect((sys.argv[1], int(sys.argv[2])))
for path in sys.argv[3:]:
    body = open(path, "rb").read()
    header = json.dumps({"action": "put", "filename": os.path.basename(path), "filesize": len(body)}, ensure_ascii=False).encode("utf8")
    sock.sendall(struct.pack("i", len(header)) + header + body + hashlib.md5(body).hexdigest().encode())
    reply = b""
    while len(reply) < 5:
        reply += sock.recv(5 - len(reply))
    print(reply.decode(), flush=True)
sock.close()
