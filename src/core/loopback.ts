/** True for a host name that leads to this machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3). */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
