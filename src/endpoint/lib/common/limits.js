// SPDX-License-Identifier: MIT
'use strict';

// Every bound of the endpoint in one place, each with its reason.

module.exports = Object.freeze({
  // The longest path Linux allows for a Unix socket: sun_path less the terminating NUL.
  SOCKET_PATH_BYTES: 107,

  // An endpoint that cannot listen tries again, soon at first, because a predecessor that is being
  // replaced takes a moment to leave, and then more and more rarely.
  RETRY_MS: 200,
  RETRY_MAX_MS: 5000,
  // How often an endpoint looks whether its socket's file is still there.
  FILE_CHECK_MS: 5000,

  // Requests to one worker under way at once. Measured: with 16, RTP on a busy worker is delayed by
  // less than the noise (by up to a millisecond in mediasoup 3.7, whose workers answer three times
  // slower); with 5,000 it waits for 40 ms.
  WINDOW: 16,
  WINDOW_MAX: 1024,

  // Above these times the worker or the event loop counts as busy, and the window narrows. An
  // otherwise idle worker answers 16 requests in about a millisecond.
  BUSY_ANSWERS_MS: 10,
  BUSY_TURN_MS: 10,
  // How long a snapshot should take at most, where that is possible: collectd waits for 5 s. After this time, or a
  // longer deadline, a worker is asked nothing more for the snapshot.
  SNAPSHOT_MS: 2500,

  // mediasoup's requests have no deadline of their own (in 3.13 and later).
  DEADLINE_MS: 2000,
  DEADLINE_MAX_MS: 60000,

  // A worker that owes an answer is sent a probe, and while that is not answered a further one after this
  // time, then after twice as long, and so on. A worker that is well answers within a moment.
  PROBE_MS: 10000,
  PROBE_MAX_MS: 600000,
  PROBE_WAIT_MS: 50,

  // The raw lane's requests to one worker under way at once, and how many are sent at once. RTP waits
  // for a tenth of a millisecond while the worker handles 32. Measured: the 99th percentile of RTP's
  // delay is 0.16 ms without a snapshot, 0.22 ms with 64 under way and 0.38 ms with 128; with 48 the
  // main thread's cost is a sixth higher than with 64.
  RAW_WINDOW: 64,
  RAW_PIECE: 32,
  // The raw lane reads a socket at this interval while answers are due: waking up for each answer
  // costs the main thread more than reading it.
  RAW_REST_MS: 1,
  // Objects that are rendered together. Each batch costs some turns of the event loop and messages to
  // the thread.
  RAW_BATCH: 256,
  // How many objects of each kind and worker the raw lane compares with getStats(), and after how
  // many differing comparisons of one object it gives up.
  PROOFS: 3,
  // How long the raw lane's thread may take to answer a message; a batch takes milliseconds.
  DECODING_MS: 10000,
  // How long it may take to leave. A process that exits waits for it.
  LEAVING_MS: 200,

  // How long rows are made in one turn of the application's event loop before the rest waits for the next
  // turn. A single object's appData may take as long again.
  TURN_MS: 4,
  // Rows made in one turn of the application's event loop when the worker is asked for none of them.
  ROWS_A_TURN: 128,

  // An application that asks a transport to connect usually does so within seconds of its creation, so its
  // role is looked at this often while it is this young. A look takes 4 microseconds with mediasoup 3.27, which
  // copies the parameters, so not more than this many are looked at each time.
  LOOK_MS: 1000,
  YOUNG_MS: 60000,
  LOOKS: 256,
  // A connection that takes longer is stuck. Browsers give up after about as long.
  STUCK_MS: 30000,
  // One that ICE has lost comes back within this time, or not at all as far as its user is concerned.
  LOST_MS: 30000,
  // Somebody who leaves sooner has turned away, which is no failure to connect.
  TURNED_AWAY_MS: 5000,
  // The newest events of connections: those of five thousand transports that connect and leave. A reader that
  // comes once a minute misses none unless 80 do so each second.
  EVENTS: 10000,
  EVENTS_BYTES: 4 * 1024 * 1024,
  // Rows of events that are added to a snapshot at once.
  EVENTS_AT_ONCE: 32,
  // Each consumer's preferred layers are read again once in so many snapshots.
  PREFERRED_TURNS: 6,

  // How often a timer asks how late the event loop is. What blocks the loop is measured up to this much too short.
  // Each call wakes an idle application, so this is not less. Measured, on a busy machine: 1.3 ms of CPU a second
  // in an idle process; with 20 it is 3.
  LOOP_DELAY_MS: 50,

  // A worker's share of a core is one over at least this time: the system counts CPU time in steps of 10 ms, so
  // the share is right to a hundredth. No worker's process is read more often for it either.
  LOAD_MS: 1000,

  // Text is gathered up to this length before readers get it as a chunk.
  CHUNK_CHARS: 64 * 1024,

  // PROTOCOL.md promises ids of at most 128 bytes and rows of at most 256 KiB.
  ID_BYTES: 128,
  ROW_BYTES: 256 * 1024,

  // The application and mediasoup choose labels, protocols and error messages, of any length.
  LABEL_CHARS: 1024,
  ERROR_CHARS: 256,

  // appData is meant to identify an object. It has room for that, not for a copy of the
  // application's state.
  APP_DATA_BYTES: 16 * 1024,
  APP_DATA_DEPTH: 16,
  APP_DATA_NODES: 4096,
  // So many members that do not fit are tried.
  APP_DATA_MISSES: 256,
  // Listing the keys of an object with a million of them takes half a second. So the keys of an object
  // with more than this are listed once.
  APP_DATA_HUGE: 16384,

  // Enough for collectd and a few people with curl. One more cuts the oldest that waits for nothing.
  CONNECTIONS: 32,
  PIPELINED: 8,
  REQUEST_LINE_BYTES: 8 * 1024,

  // A reader that takes no bytes for this long is dropped, and its snapshot with it.
  STALL_MS: 10000,

  // What the snapshots that are being read may hold in memory together: four of 20,000 consumers. Beyond it
  // readers that have taken nothing for a while are dropped, and newcomers are refused where there is none.
  HELD_BYTES: 64 * 1024 * 1024,
  PROGRESS_MS: 1000,

  // How long a client may take to send its request. An idle connection is kept for longer than
  // collectd's usual intervals of 10 and 60 seconds.
  REQUEST_MS: 10000,
  IDLE_MS: 75000,

  // A worker takes a moment to exit after it was told to close.
  CLOSING_WORKERS_MS: 500,
  // On a busy machine mediasoup takes up to this long to announce a worker that was created while
  // serve() began.
  STARTING_WORKERS_MS: 3000,
  // The age of a process is known to 10 ms, and reading it takes a while as well.
  WORKER_AGE_SLACK_MS: 50,

  // How long `register` waits for the application to load mediasoup before it warns.
  REGISTER_PATIENCE_MS: 30000,
});
