"""A loop of the course: a line from a person, a message, an answer."""
import socket
import sys

tcp_client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
tcp_client.connect((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    msg = line.strip()
    if not msg:
        continue
    tcp_client.send(msg.encode("utf-8"))
    data = tcp_client.recv(1024)
    print("reply is", data.decode("utf-8"), flush=True)
tcp_client.close()
