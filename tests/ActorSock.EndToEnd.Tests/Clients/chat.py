"""The course's chat client: a name is chosen, then messages are sent to it, each answered by one datagram."""
import socket
import sys

udp_client_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
address = (sys.argv[1], int(sys.argv[2]))
qq_name_dic = {"金老板": address, "哪吒": address, "egg": address, "yuan": address}
lines = iter(sys.stdin)
try:
    while True:
        qq_name = next(lines).strip()
        while True:
            msg = next(lines).strip()
            if msg == "1":
                break
            if not msg or not qq_name or qq_name not in qq_name_dic:
                continue
            udp_client_socket.sendto(msg.encode("utf-8"), qq_name_dic[qq_name])
            back_msg, addr = udp_client_socket.recvfrom(1024)
            print("来自[%s:%s]的一条消息:\033[1;44m%s\033[0m" % (addr[0], addr[1], back_msg.decode("utf-8")), flush=True)
except StopIteration:
    udp_client_socket.close()
