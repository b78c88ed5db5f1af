/* SPDX-License-Identifier: MIT */
/*
 * Every bound of the project, with its reason. What comes from outside (a socket, a configuration file) is never
 * trusted to be small.
 */
#ifndef COLLECTD_MEDIASOUP_LIMITS_H
#define COLLECTD_MEDIASOUP_LIMITS_H

enum {
  /* collectd's identifiers hold 127 bytes and a NUL (DATA_MAX_NAME_LEN) and are cut silently: we cut first, visibly. */
  IDENTITY_MAX = 127,

  /* A snapshot of 100,000 streams at 700 bytes a row is 70 MB. More is not statistics. */
  SNAPSHOT_MAX_BYTES = 80 * 1024 * 1024,

  /* PROTOCOL.md's bounds. A row is a stream's figures and at most 16 KiB of appData, escaped to at most six times that.
   */
  ROW_MAX_BYTES = 256 * 1024,
  ROW_MAX_MEMBERS = 128,
  JSON_MAX_DEPTH = 32,
  ID_MAX = 128,

  /* The ASCII form of a row's text: each byte may become \uXXXX. */
  ROW_TEXT_MAX_BYTES = 6 * ROW_MAX_BYTES,

  /* What an HTTP error says is shown to the operator up to this length: a log line is to be read. */
  HTTP_ERROR_SHOWN = 200,

  /* One `Socket` glob: more processes than this on one host is a mistake in the pattern. */
  SOURCES_MAX = 256,

  /* Objects of one process whose rows are dispatched, unless `MaxObjects` says otherwise: ten busy workers. */
  OBJECTS_DEFAULT_MAX = 20000,
  OBJECTS_MAX = 1000000,

  /* <Group> blocks of an endpoint, what each groups by, and its groups unless MaxGroups says otherwise. */
  GROUP_BLOCKS_MAX = 8,
  GROUP_KEYS_MAX = 8,
  GROUPS_DEFAULT_MAX = 500,
  GROUPS_MAX = 100000,

  /* A group without members stays so long: a room that is entered again goes on where it was. Longer than the five
   * minutes after which Prometheus takes a series for gone. */
  GROUP_IDLE_SECONDS = 600,

  /* Ranks among the worst streams: a list to be read. */
  WORST_MAX = 100,

  /* Objects in the views, of all hosts: five such. */
  VIEWS_OBJECTS_DEFAULT_MAX = 5 * OBJECTS_DEFAULT_MAX,

  /* Of one class in the table of fields. What write_http carries is reached before; a unit test counts. */
  FIELDS_MAX = 32,

  /* write_http drops a row with a metadata string of more than 511 bytes, escaped and with its quotes. */
  METADATA_PIECE_MAX = 480,

  /* Every row's metadata is repeated once in so many intervals, for receivers that were restarted. It costs four times
   * what the rest of its row does. */
  METADATA_INTERVALS = 60,
};

#endif
