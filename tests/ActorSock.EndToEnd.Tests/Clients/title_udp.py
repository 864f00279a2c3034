"""The same loop in datagrams."""
import socket
import sys

ip_port = (sys.argv[1], int(sys.argv[2]))
udp_client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    msg = line.strip()
    udp_client.sendto(msg.encode("utf-8"), ip_port)
    data, addr = udp_client.recvfrom(1024)
    print(data.decode("utf-8"), flush=True)
udp_client.close()
