// SPDX-License-Identifier: MIT
'use strict';

// Every bound of the endpoint in one place, each with its reason.

module.exports = Object.freeze({
  // The longest path of a Unix socket Linux takes: sun_path less its NUL.
  SOCKET_PATH_BYTES: 107,

  // Requests to a worker under way at once. Measured: at 16 the RTP of a busy worker is not
  // delayed beyond the noise (in mediasoup 3.7, whose workers take thrice as long for an answer, by up to a millisecond),
  // at 5,000 it waits for 40 ms.
  WINDOW: 16,
  WINDOW_MAX: 1024,

  // A window that takes longer to be answered, or is followed by a longer turn of the event loop, finds somebody busy:
  // 16 answers take a worker with nothing else to do about a millisecond.
  BUSY_ANSWERS_MS: 10,
  BUSY_TURN_MS: 10,
  // A snapshot is made in this time, if that is possible: collectd waits for 5 s.
  SWEEP_MS: 2500,

  // mediasoup's requests have no deadline of their own (3.13 and later).
  DEADLINE_MS: 2000,
  DEADLINE_MAX_MS: 60000,

  // The raw lane's requests to a worker under way at once, and how many are sent at once: the worker takes a tenth of
  // a millisecond for these, while RTP waits. Measured: RTP's 99th percentile is 0.16 ms without a snapshot, 0.22 ms with
  // 64 under way and 0.38 ms with 128; with 48 the main thread's cost is a sixth higher than with 64.
  RAW_WINDOW: 64,
  RAW_PIECE: 32,
  // While answers are to come, they are read so often: waking for each costs the main thread more than reading it.
  RAW_REST_MS: 1,
  // How many are rendered together: a batch has a price of its own, in turns of the event loop and messages to the
  // thread.
  RAW_BATCH: 256,
  // Objects of each kind of each worker whose answers the raw lane compares, and how often it does before
  // it holds one for wrong.
  PROOFS: 3,
  // The raw lane's thread takes milliseconds for a batch.
  DECODING_MS: 10000,

  // Rows made in one turn of the application's event loop when nothing has to be asked for.
  ROWS_A_TURN: 128,

  // Text gathered before it becomes a chunk for the readers.
  CHUNK_CHARS: 64 * 1024,

  // PROTOCOL.md: ids of 128 bytes, rows of 256 KiB.
  ID_BYTES: 128,
  ROW_BYTES: 256 * 1024,

  // Labels, protocols and error messages are the application's and may be of any length.
  LABEL_CHARS: 1024,
  ERROR_CHARS: 256,

  // appData is the application's own: as much as identifies an object, not a copy of its state.
  APP_DATA_BYTES: 16 * 1024,
  APP_DATA_DEPTH: 16,
  APP_DATA_NODES: 4096,

  // collectd and a few people with curl. Each may hold a whole snapshot in memory.
  CONNECTIONS: 32,
  PIPELINED: 8,
  REQUEST_LINE_BYTES: 8 * 1024,

  // A reader that takes nothing for so long is dropped, its snapshot with it.
  STALL_MS: 10000,

  // A client has so long to say what it wants; an idle connection outlives collectd's usual
  // intervals of 10 and 60 seconds.
  REQUEST_MS: 10000,
  IDLE_MS: 75000,

  // A worker that was told to close takes a moment to go.
  CLOSING_WORKERS_MS: 500,
  // A worker that was created while serve() began takes up to so long until mediasoup says so, on a busy machine.
  STARTING_WORKERS_MS: 3000,
  // The age of a process is known to 10 ms, and asking for it takes a while too.
  WORKER_AGE_SLACK_MS: 50,

  // With `register`: how long to wait for the application to load mediasoup before saying so.
  REGISTER_PATIENCE_MS: 30000,
});
