/**
 * Ranges that are not the internet: private ones (RFC 1918), those of providers and tunnels (RFC 6598), of links (RFC
 * 3927) and of test beds (RFC 2544). A way to the internet leaves them all out; the library's template repeats them.
 */
export const notInternet: readonly string[] = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "198.18.0.0/15",
];
