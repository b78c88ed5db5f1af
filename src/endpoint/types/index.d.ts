// SPDX-License-Identifier: MIT
/**
 * The control endpoint: answers `GET /v1/snapshot` with what mediasoup knows of its objects.
 * PROTOCOL.md describes the answer.
 */

/** Which object an appData function is asked about. */
export interface AppDataOwner {
  class:
    | 'workers'
    | 'routers'
    | 'transports'
    | 'producers'
    | 'consumers'
    | 'data_producers'
    | 'data_consumers';
  /** mediasoup's id; for a worker its slot. */
  id: string | number;
}

/** The keys of appData that may leave the application, or a function that returns what may. */
export type AppDataFilter =
  | readonly string[]
  | ((appData: any, owner: AppDataOwner) => Record<string, unknown> | null | undefined);

export interface CommonOptions {
  /** Everything in appData leaves the application unless this limits it. */
  appData?: AppDataFilter;
  /** The mediasoup module; found from the application when left out. */
  mediasoup?: object;
  /** Milliseconds a worker has for each answer. Default 2000. */
  deadline?: number;
  /** Requests to one worker under way at once. Default 16. */
  window?: number;
  /** `raw` reads statistics from mediasoup's channels, past its public API, where it can. Default `public`. */
  lane?: 'public' | 'raw';
}

export interface SocketOptions extends CommonOptions {
  /** Path of the Unix socket, `%p` is the process id. Default `/run/mediasoup/collectd.sock`. */
  socket?: string;
  /** Permissions of the socket. Default 0o660. */
  mode?: number;
  host?: undefined;
  port?: undefined;
  allowRemote?: boolean;
}

export interface PortOptions extends CommonOptions {
  /** Loopback, unless allowRemote. Default 127.0.0.1. */
  host?: string;
  /** 0 lets the system choose. */
  port: number;
  /** Lets `host` be any address: whoever reaches it can read everything. */
  allowRemote?: boolean;
  socket?: undefined;
  mode?: undefined;
}

export type ServeOptions = SocketOptions | PortOptions;

export interface Endpoint {
  /** Path of the Unix socket, if it listens on one. */
  readonly socket?: string;
  readonly host?: string;
  /** The port it listens on, if it does. */
  readonly port?: number;
  /** Stops serving and watching; may be called again. */
  close(): Promise<void>;
}

export type ErrorCode =
  | 'ERR_OPTION_UNKNOWN'
  | 'ERR_OPTION_INVALID'
  | 'ERR_OPTION_CONFLICT'
  | 'ERR_HOST_NOT_LOOPBACK'
  | 'ERR_SOCKET_TOO_LONG'
  | 'ERR_SOCKET_FOLDER'
  | 'ERR_SOCKET_NOT_A_SOCKET'
  | 'ERR_SOCKET_DENIED'
  | 'ERR_SOCKET_IN_USE'
  | 'ERR_PORT_IN_USE'
  | 'ERR_LISTEN'
  | 'ERR_MEDIASOUP_NOT_FOUND'
  | 'ERR_MEDIASOUP_LOAD'
  | 'ERR_MEDIASOUP_UNSUPPORTED'
  | 'ERR_MEDIASOUP_TWICE'
  | 'ERR_WORKERS_EXIST';

/** What serve() rejects with. Its message says what is wrong, why, and what to do. */
export class EndpointError extends Error {
  readonly name: 'EndpointError';
  readonly code: ErrorCode;
}

/** Begins to serve. To be called once, before the first createWorker(). */
export function serve(options?: ServeOptions): Promise<Endpoint>;

export const version: string;
