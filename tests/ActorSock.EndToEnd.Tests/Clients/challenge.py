"""A client that is asked for its key first: HMAC-SHA256 over the 32 bytes that the server sends."""
import hmac
import socket
import sys

sk = socket.socket()
sk.connect((sys.argv[1], int(sys.argv[2])))
nonce = sk.recv(32)
sk.send(hmac.new(sys.argv[3].encode("utf-8"), nonce, "sha256").digest())
try:
    sk.send(b"let me in")
except ConnectionError:
    pass  # it was faster
try:
    print(len(nonce), sk.recv(1024).decode("utf-8"))
except ConnectionResetError:
    print(len(nonce), "closed")
