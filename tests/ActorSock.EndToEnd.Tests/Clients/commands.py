"""The course's client of remote commands: digits by a recv of their own, then so many bytes. Commands come from standard input.

Its answers lie ready, all of them, before it reads: a server whose digits can stick to the output does not survive that.
"""
import socket
import sys
import time

if sys.argv[1] == "unix":
    sk = socket.socket(socket.AF_UNIX)
    sk.connect(sys.argv[2])
else:
    sk = socket.socket()
    sk.connect((sys.argv[1], int(sys.argv[2])))

while 1:
    cmd = sys.stdin.readline().rstrip("\n")
    sk.send(cmd.encode("utf-8"))
    if cmd == "":
        continue
    if cmd == "exit":
        break

    time.sleep(float(sys.argv[3]))
    data_length = int(sk.recv(1024).decode("utf8"))
    print("data_length", data_length)

    recv_data_length = 0
    recv_data = b""

    while recv_data_length < data_length:
        data = sk.recv(1024)
        recv_data_length += len(data)
        recv_data += data

    print(recv_data.decode("gbk"))

sk.close()
