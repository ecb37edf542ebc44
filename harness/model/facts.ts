/** What a command on a host or on the runner ended with. */
export interface CommandOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** When the runner learnt that it had ended, in milliseconds since 1970 by the runner's clock. */
  readonly at: number;
}

/** Facts about a file, from `stat` and `sha256sum`. */
export interface FileFacts {
  /** `stat`'s word, such as `regular file` or `directory`. */
  readonly type: string;
  readonly owner: string;
  readonly group: string;
  /** Octal permission bits without a leading zero, such as `600`. */
  readonly mode: string;
  /** Bytes. */
  readonly size: number;
}

/** What an HTTP(S) request got. Redirects are not followed. */
export interface HttpFacts {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The server's certificate; absent over plain HTTP. */
  readonly tls?: {
    readonly subject: string;
    readonly issuer: string;
    readonly daysLeft: number;
    readonly names: string[];
  };
}

/** Whether a TCP port accepted a connection, and the first line that it sent unasked, if any came. */
export interface TcpFacts {
  readonly open: boolean;
  readonly banner: string;
}

/** Whether a UDP service answered. */
export interface UdpFacts {
  readonly answered: boolean;
}

/** What a path of a Kubernetes API server answered. */
export interface KubeAnswer {
  readonly status: number;
  readonly body: string;
}
