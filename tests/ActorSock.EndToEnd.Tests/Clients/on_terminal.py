"""Runs a program on a pseudo-terminal. What comes on standard input is typed, what the terminal is sent goes to standard output;
SIGUSR1 gives the terminal its other width. Arguments: COLUMNS OTHER_COLUMNS PROGRAM ARGUMENT...; the exit code is the program's.
In the end standard error tells whether the terminal has its settings back."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios


def resize(terminal, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


go_read, go_write = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.read(go_read, 1)
    os.close(go_read)
    os.close(go_write)
    os.execv(sys.argv[3], sys.argv[3:])

resize(terminal, int(sys.argv[1]))
before = termios.tcgetattr(terminal)
signal.signal(signal.SIGUSR1, lambda *_: resize(terminal, int(sys.argv[2])))
print(child, file=sys.stderr, flush=True)
os.write(go_write, b"!")

watched = [0, terminal]
while True:
    ready, _, _ = select.select(watched, [], [])
    if terminal in ready:
        try:
            drawn = os.read(terminal, 65536)
        except OSError:  # EIO: the program has ended
            break
        if not drawn:
            break
        os.write(1, drawn)
    elif 0 in ready:
        typed = os.read(0, 65536)
        if typed:
            os.write(terminal, typed)
        else:
            watched.remove(0)

_, status = os.waitpid(child, 0)
print("restored" if termios.tcgetattr(terminal) == before else "left as it was used", file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
