"""The course's server over UDP. It tells its port, and ends with its standard input."""
import select
import socket
import sys

udp_server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp_server.bind(("127.0.0.1", 0))
print(udp_server.getsockname()[1], flush=True)
while udp_server in select.select([udp_server, sys.stdin], [], [])[0]:
    data, addr = udp_server.recvfrom(65536)
    udp_server.sendto(data.decode("utf-8").title().encode("utf-8"), addr)
udp_server.close()
