"""The course's first client: says hello, prints what comes back."""
import socket
import sys

sk = socket.socket()
sk.connect((sys.argv[1], int(sys.argv[2])))
sk.send(b"hello!")
ret = sk.recv(1024)
print(ret)
sk.close()
