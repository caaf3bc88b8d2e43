#!/usr/bin/env python3
"""Short connections over the loopback, one after the other; the lab's wire is too slow for so many.

sudo tcpdump -i lo -s 74 -w shows.pcap tcp port 8088 &
python3 samples/record/port-exhaustion.py              460 in 1.3 s: samples/findings/port-exhaustion
python3 samples/record/port-exhaustion.py 130 0.01     130 in 1.3 s: samples/findings/time-wait
gzip -9 shows.pcap
"""
import socket
import sys
import threading
import time

CONNECTIONS, EVERY = (int(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) > 2 else (460, 0.0028)


def answer(sock):
    sock.recv(10)
    sock.send(b'ok')
    sock.recv(1)  # until the client has closed
    sock.close()


def serve(listener):
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


listener = socket.create_server(('127.0.0.1', 8088), backlog=512)
threading.Thread(target=serve, args=(listener,), daemon=True).start()
began = time.time()
for n in range(CONNECTIONS):
    client = socket.create_connection(('127.0.0.1', 8088))
    client.send(b'hello')
    client.recv(10)
    client.close()
    time.sleep(max(0, began + (n + 1) * EVERY - time.time()))
time.sleep(0.1)
