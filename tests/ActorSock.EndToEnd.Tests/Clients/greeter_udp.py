"""The same in datagrams: there is no connection, and the answer comes with its sender."""
import socket
import sys

ip_port = (sys.argv[1], int(sys.argv[2]))
udp_sk = socket.socket(type=socket.SOCK_DGRAM)
udp_sk.sendto(b"hello", ip_port)
back_msg, addr = udp_sk.recvfrom(1024)
print(back_msg.decode("utf-8"), addr == ip_port)
