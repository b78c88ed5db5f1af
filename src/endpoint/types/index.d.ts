// SPDX-License-Identifier: MIT
/**
 * The control endpoint of a mediasoup application: answers `GET /v1/snapshot` with what mediasoup
 * knows of its objects. PROTOCOL.md describes the answer.
 */

/** The object whose appData a function is given. */
export interface AppDataOwner {
  class:
    | 'workers'
    | 'routers'
    | 'transports'
    | 'producers'
    | 'consumers'
    | 'data_producers'
    | 'data_consumers';
  /** mediasoup's id of the object, or the slot of a worker. */
  id: string | number;
}

/**
 * The keys of appData that may leave the application, or a function that returns an object of what
 * may. Undefined or null stands for nothing.
 */
export type AppDataFilter =
  | readonly string[]
  | ((appData: any, owner: AppDataOwner) => Record<string, unknown> | null | undefined);

export interface CommonOptions {
  /** Limits what leaves the application. Default: all appData leaves it. */
  appData?: AppDataFilter;
  /** The mediasoup module. Default: the one that the application has loaded or would load. */
  mediasoup?: object;
  /** How many milliseconds a worker has for each answer, 1 to 60000. Default 2000. */
  deadline?: number;
  /** How many requests to one worker may be under way at once, 1 to 1024. Default 16. */
  window?: number;
  /**
   * `raw` reads statistics from the workers' channels, past mediasoup's public API, where that is
   * possible. Default `public`.
   */
  lane?: 'public' | 'raw';
  /**
   * A secret that readers have to send in the header `Authorization: Bearer TOKEN`: 1 to 1024 visible ASCII characters.
   * Default: whoever reaches the endpoint may read.
   */
  token?: string;
}

/** A certificate in PEM and its key, as https.createServer() takes them. The names are those of Node's `tls`. */
export interface TlsOptions {
  key: string | Uint8Array;
  cert: string | Uint8Array;
  /** Of an encrypted key. */
  passphrase?: string;
  ciphers?: string;
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
  maxVersion?: 'TLSv1.2' | 'TLSv1.3';
}

export interface SocketOptions extends CommonOptions {
  /**
   * Path of the Unix socket; `%p` in it is the process id. Default `/run/mediasoup/collectd.sock`.
   */
  socket?: string;
  /** Permissions of the socket. Default 0o660. */
  mode?: number;
  host?: undefined;
  port?: undefined;
  tls?: undefined;
  allowRemote?: boolean;
}

export interface PortOptions extends CommonOptions {
  /** A loopback address, unless allowRemote is true. Default 127.0.0.1. */
  host?: string;
  /** With 0 the system chooses a port. */
  port: number;
  /**
   * Allows any address as host. Without `token` everybody who can reach it can read everything, and without `tls` everybody
   * on the way. Default false.
   */
  allowRemote?: boolean;
  /** Serves HTTPS. Default: HTTP. */
  tls?: TlsOptions;
  socket?: undefined;
  mode?: undefined;
}

export type ServeOptions = SocketOptions | PortOptions;

/** What a worker does. The counts are those of this moment. */
export interface WorkerFigures<Worker = any> {
  /** mediasoup's Worker, as createWorker() returned it: its appData and createRouter() are at hand. */
  worker: Worker;
  pid: number;
  /** The number by which snapshots, views and metrics call the worker. */
  slot: number;
  /**
   * The share of a core that it used in the latest interval, which took at least a second: 0.25 is a quarter. An
   * interval ends at a snapshot, or at this call when a second has passed. The first one begins with the worker.
   * Undefined in a worker's first second, and where there is no /proc, that is on other systems than Linux.
   */
  cpu: number | undefined;
  /** When that interval ended, in epoch milliseconds. Undefined where `cpu` is. */
  at: number | undefined;
  routers: number;
  transports: number;
  producers: number;
  consumers: number;
  /**
   * False while it owes a snapshot an answer whose deadline has passed, or when the system says that its process is
   * stopped or dead. Nobody notices a worker that hangs otherwise and is asked by no snapshot.
   */
  responding: boolean;
  /** Seconds that its latest answer to a snapshot took. Undefined before the first one. */
  roundTrip: number | undefined;
  /** When that answer came, in epoch milliseconds. */
  roundTripAt: number | undefined;
}

export interface Endpoint {
  /** Path of the Unix socket, if it listens on one. */
  readonly socket?: string;
  /** The host, if it listens on a TCP port. */
  readonly host?: string;
  /** The TCP port, if it listens on one. */
  readonly port?: number;
  /**
   * Whether clients reach it. While it is false, because the socket or port is taken or the folder cannot
   * be made, the endpoint tries again every few seconds. A process warning says why, and another one when
   * it listens.
   */
  readonly listening: boolean;
  /**
   * The living workers and what they do, in the order of their creation: for the choice of a worker for a new
   * router. No worker is asked for it, it never throws, and it is cheap enough to be called for each new router.
   * Empty after close(). `endpoint.workers<Worker>()` says which type the workers have.
   */
  workers<Worker = any>(): WorkerFigures<Worker>[];
  /** Stops serving, watching and trying to listen. May be called again. */
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

/**
 * What serve() rejects with, for those codes that trying again cannot mend. The message says what is
 * wrong, why, and what to do.
 */
export class EndpointError extends Error {
  readonly name: 'EndpointError';
  readonly code: ErrorCode;
}

/**
 * Begins to serve. To be called once in a process, before the first createWorker(). Resolves after the
 * first attempt to listen, whatever its outcome. Rejects with an EndpointError when an option is wrong,
 * mediasoup is not found, or workers exist already.
 */
export function serve(options?: ServeOptions): Promise<Endpoint>;

/**
 * The endpoint of this process that is not closed, the oldest if there are several; undefined when there is none.
 * This is how an application gets at the one that `collectd-mediasoup/register` began, from the moment on at which the
 * application has loaded mediasoup.
 */
export function endpoint(): Endpoint | undefined;

/** The version of this package. */
export const version: string;
