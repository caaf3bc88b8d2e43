#!/bin/sh
# Puts recordings into samples/findings: for each finding one that shows it and one that looks alike and must not.
#   samples/record/findings.sh RECORDINGS     a directory that `record.py --all -o RECORDINGS` has filled
set -eu
from=$1
to=$(dirname "$0")/../findings
put() { # finding, recording that shows it, recording that looks alike; NAME or NAME:POINT
  mkdir -p "$to/$1"
  copy "$2" "$to/$1/shows"
  copy "$3" "$to/$1/alike"
}
copy() {
  name=${1%%:*} point=middle
  case $1 in *:*) point=${1##*:} ;; esac
  for file in "$from/$name/$name.$point".*; do cp "$file" "$2.${file##*.}"; done
}
put connect-refused connect-refused accept-overflow-abort
put connect-timeout connect-timeout syn-lost-once
put connect-unreachable connect-icmp-unreachable icmp-host-unreachable-established
put connect-reset accept-overflow-abort server-closes-unread
put slow-connect syn-lost-once syn-doubled
put handshake-not-completed accept-queue-overflow synack-doubled
put syn-flood syn-flood many-connections
put fin-wait-2 fin-wait-2-for-a-minute half-close-long-fin-wait2
put time-wait-reuse time-wait-port-reuse port-reuse-after-rst
put reset rst-linger0 time-wait-rst
put reset-injected forged-rst-in-window abort-crosses-data
put half-open peer-vanishes-then-rst rst-data-after-close
put dead-peer network-cut-rto-timeout path-dies-and-recovers
put keep-alive keepalive-ok zero-window-and-probes
put packet-loss talk-loss-both-10 talk-reordered
put zero-window zero-window-and-probes connect-refused
put not-captured gaps-15 data-loss-rto
put capture-point rst-linger0:client connect-refused
put capture-partial mid-stream-capture ends-in-data
put capture-one-way only-client-packets connect-timeout
put healthy normal-client-close close-wait-leak
put keep-alive-race keep-alive-race server-closes-data-on-its-way
put idle-dropped idle-dropped keepalive-dead-peer
put scan port-scan many-connections
put close-wait close-wait-for-long half-close-data-continues
put capture-drops pcapng-normal-close pcapng-normal-close
mkdir -p "$to/port-exhaustion" "$to/time-wait" "$to/capture-duplicates"
copy short-connections "$to/port-exhaustion/alike" # shows: port-exhaustion.py
copy short-connections "$to/time-wait/alike" # shows: port-exhaustion.py 130 0.01
copy data-ack-lost "$to/capture-duplicates/alike"
# Two points of the path in one file are what a capture on two interfaces looks like.
mergecap -I none -w "$to/capture-duplicates/shows.pcapng" \
  "$from/normal-client-close/normal-client-close.client.pcap" "$from/normal-client-close/normal-client-close.middle.pcap"
# The block that dumpcap writes at the end when the kernel dropped packets: isb_ifrecv 18, isb_ifdrop 7.
printf '\005\0\0\0\064\0\0\0\0\0\0\0\0\117\006\0\0\0\0\0\004\0\010\0\022\0\0\0\0\0\0\0\005\0\010\0\007\0\0\0\0\0\0\0\0\0\0\0\064\0\0\0' \
  >> "$to/capture-drops/shows.pcapng"
