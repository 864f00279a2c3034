"""Sends files without waiting for one, as WIRE.md says: native.py HOST PORT [--chunked] FILE NAME [FILE NAME]..."""
import hashlib, json, os, socket, struct, sys, threading


def frame(header, body=b""):
    text = json.dumps(header).encode()
    return struct.pack("<i", len(text)) + text + body


def read(stream):
    length = stream.read(4)
    if len(length) < 4:
        return None                                 # the server has closed
    return json.loads(stream.read(struct.unpack("<i", length)[0]))


def send(sock, number, path, name, chunked):
    md5 = hashlib.md5()
    body = "chunked" if chunked else os.path.getsize(path)
    sock.sendall(frame({"id": number, "action": "put", "name": name, "body": body, "md5": "after"}))
    with open(path, "rb") as file:
        while block := file.read(1 << 16):
            sock.sendall(struct.pack("<i", len(block)) + block if chunked else block)
            md5.update(block)
    if chunked:
        sock.sendall(struct.pack("<i", 0))
    sock.sendall(frame({"md5": md5.hexdigest()}))


def main(host, port, *files):
    chunked = files[0] == "--chunked"
    files = files[1:] if chunked else files
    pairs = list(zip(files[::2], files[1::2]))
    with socket.create_connection((host, int(port))) as sock, sock.makefile("rb") as stream:
        sock.sendall(frame({"action": "hello", "versions": [1]}))

        def send_all():
            for number, (path, name) in enumerate(pairs):
                send(sock, number, path, name, chunked)
            sock.sendall(frame({"id": len(pairs), "action": "bye"}))

        threading.Thread(target=send_all).start()   # replies are read meanwhile: who does not read is not read
        assert read(stream)["version"] == 1
        while reply := read(stream):
            name = pairs[reply["id"]][1] if reply["id"] < len(pairs) else "bye"
            print(name, reply["status"], reply.get("md5") or reply.get("message") or "")


main(*sys.argv[1:])
