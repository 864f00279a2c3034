"""The course's server over TCP, for one client at a time. It tells its port, and ends after the first client."""
import socket

tcp_server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
tcp_server.bind(("127.0.0.1", 0))
tcp_server.listen(5)
print(tcp_server.getsockname()[1], flush=True)
conn, addr = tcp_server.accept()
while True:
    data = conn.recv(1024)
    if not data:
        break
    conn.send(data.decode("utf-8").title().encode("utf-8"))
conn.close()
tcp_server.close()
