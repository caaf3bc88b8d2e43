#!/usr/bin/env python3
"""460 short connections in 1.3 s over the loopback, for samples/findings/port-exhaustion; the lab's wire is too slow for it.

sudo tcpdump -i lo -s 74 -w shows.pcap tcp port 8088 &
python3 samples/record/port-exhaustion.py; gzip -9 shows.pcap
"""
import socket
import threading
import time

CONNECTIONS, EVERY = 460, 0.0028


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
