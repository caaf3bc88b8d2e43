/**
 * Section numbers and titles of RFC 9293, transcribed from its table of contents and headings, as far as rules may
 * name them. Steps are the ordinals of 3.10.7.2 and 3.10.7.3 and the eight of 3.10.7.4.
 */
export const SECTIONS: Readonly<Record<string, string>> = {
  '3.5': 'Establishing a Connection',
  '3.5.1': 'Half-Open Connections and Other Anomalies',
  '3.5.2': 'Reset Generation',
  '3.5.3': 'Reset Processing',
  '3.6': 'Closing a Connection',
  '3.6.1': 'Half-Closed Connections',
  '3.8.3': 'TCP Connection Failures',
  '3.8.6': 'Managing the Window',
  '3.8.6.1': 'Zero-Window Probing',
  '3.9.2.2': 'ICMP Messages',
  '3.10.1': 'OPEN Call',
  '3.10.2': 'SEND Call',
  '3.10.4': 'CLOSE Call',
  '3.10.5': 'ABORT Call',
  '3.10.7.1': 'CLOSED STATE',
  '3.10.7.2': 'LISTEN STATE',
  '3.10.7.3': 'SYN-SENT STATE',
  '3.10.7.4': 'Other States',
  '3.10.8': 'Timeouts',
}

export const STEPS: Readonly<Record<string, readonly string[]>> = {
  '3.10.7.2': ['first', 'second', 'third', 'fourth'],
  '3.10.7.3': ['first', 'second', 'third', 'fourth', 'fifth'],
  '3.10.7.4': [1, 2, 3, 4, 5, 6, 7, 8].map((step) => `step ${step}`),
}
