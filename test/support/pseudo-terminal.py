# Runs a command on a terminal of its own. What arrives on standard input is typed there; the end of standard input
# closes the terminal, as closing its window does. Prints what the terminal shows, and ends as the command ends.
#   usage: python3 pseudo-terminal.py COLUMNS COMMAND…
import fcntl
import os
import pty
import select
import struct
import sys
import termios

columns, command = int(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    os.execvp(command[0], command)

is_open = True
while is_open:
    for source in select.select([terminal, sys.stdin], [], [])[0]:
        if source == terminal:
            try:
                shown = os.read(terminal, 65536)
            except OSError:  # EIO: no process has the terminal any more
                shown = b''
            is_open = len(shown) > 0
            os.write(1, shown)
        else:
            typed = os.read(0, 65536)
            is_open = len(typed) > 0
            os.write(terminal, typed)
        if not is_open:
            break
os.close(terminal)
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
