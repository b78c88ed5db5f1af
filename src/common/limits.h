/* SPDX-License-Identifier: MIT */
/*
 * Every bound of the project, with its reason. Input from a socket or a configuration file may be of any size.
 */
#ifndef COLLECTD_MEDIASOUP_LIMITS_H
#define COLLECTD_MEDIASOUP_LIMITS_H

enum {
  /* collectd's identifiers hold 127 bytes and a NUL (DATA_MAX_NAME_LEN). collectd cuts longer ones silently, so we cut
   * them first and mark them. */
  IDENTIFIER_MAX = 127,

  /* A snapshot of 100,000 streams at 700 bytes a row is 70 MB. A larger answer is not statistics. */
  SNAPSHOT_MAX_BYTES = 80 * 1024 * 1024,

  /* A row of an object has 300 bytes and more. Rows of a few bytes each are not statistics, and a kilobyte of memory
   * for each of them would be too much. */
  SNAPSHOT_MAX_OBJECTS = 250000,

  /* The bounds of PROTOCOL.md. A row has a stream's figures and at most 16 KiB of appData, which escapes can make six
   * times as long. */
  ROW_MAX_BYTES = 256 * 1024,
  ROW_MAX_MEMBERS = 128,
  JSON_MAX_DEPTH = 32,
  ID_MAX = 128,

  /* The ASCII form of a row's text: each byte may become \uXXXX. */
  ROW_TEXT_MAX_BYTES = 6 * ROW_MAX_BYTES,

  /* What happened to connections since the last whole snapshot: as many as PROTOCOL.md lets an endpoint keep. */
  EVENTS_MAX = 10000,

  /* A token of 256 bits has 64 digits; signed ones are longer. */
  SECRET_MAX = 1024,

  /* How much of an HTTP error's body a log line shows. */
  HTTP_ERROR_SHOWN = 200,

  /* Sockets that one glob may match: a host with more processes than this has a mistake in the pattern. */
  SOURCES_MAX = 256,

  /* Objects of one process that have rows, unless MaxObjects says otherwise: as many as ten busy workers have. */
  OBJECTS_DEFAULT_MAX = 20000,
  OBJECTS_MAX = 1000000,

  /* <Group> blocks of an endpoint, keys of a block, and groups of a block unless MaxGroups says otherwise. */
  GROUP_BLOCKS_MAX = 8,
  GROUP_KEYS_MAX = 8,
  /* Keys that applications give to the same thing. */
  ALIASES_MAX = 8,
  GROUPS_DEFAULT_MAX = 500,
  GROUPS_MAX = 100000,

  /* How long a group without members is kept, so that the counters of a room that people enter again go on. It is
   * longer than the five minutes after which Prometheus takes a series for gone. */
  GROUP_IDLE_SECONDS = 600,

  /* What a row says of the appData above it: as much as labels of a series may hold. A room's appData may be of any
   * length, and each of its streams repeats it. */
  INHERITED_MAX_BYTES = 2048,

  /* A stream that flows with this score, or a lower one, is bad. mediasoup's scores are 0 to 10. */
  BAD_SCORE = 5,

  /* Ranks among the worst streams. Nobody reads a longer list. */
  WORST_MAX = 100,

  /* Objects in the views, of all hosts together: as many as five applications have. */
  VIEWS_OBJECTS_DEFAULT_MAX = 5 * OBJECTS_DEFAULT_MAX,

  /* How long the last row of an endpoint that has fallen silent is kept: long enough for whoever is called for it. */
  SILENT_SECONDS = 3600,

  /* Fields of one class, which is more than write_http can carry, and its attributes. */
  FIELDS_MAX = 32,
  ATTRIBUTES_MAX = 32,

  /* write_http drops a row with a metadata string of more than 511 bytes, counted with its escapes and quotes. */
  METADATA_PIECE_MAX = 480,

  /* Each row repeats its metadata once in so many intervals, for receivers that were restarted. Metadata costs four
   * times what the rest of a row does. */
  METADATA_INTERVALS = 60,
};

#endif
