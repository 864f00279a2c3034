"""Dialect 2: size, name and digest in a header with its length; the client does not read the verdict."""
import hashlib
import json
import socket
import struct
import sys

sock = socket.socket()
sock.connect((sys.argv[1], int(sys.argv[2])))
body = open(sys.argv[3], "rb").read()
header = {"file_size": len(body), "file_name": sys.argv[4], "md5": hashlib.md5(body).hexdigest()}
head_bytes = bytes(json.dumps(header), encoding="utf-8")
sock.send(struct.pack("i", len(head_bytes)))
sock.send(head_bytes)
sock.sendall(body)
sock.close()
