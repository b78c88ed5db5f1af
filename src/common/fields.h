/* SPDX-License-Identifier: MIT */
/*
 * The table of classes, their fields and their attributes: what mediasoup reports, under which member of a snapshot's
 * row it arrives, and as which data source or metadata entry it leaves. Parse, dispatch, groups, views, /metrics,
 * types.db and the documents all read this table. `make check` fails where a written copy differs from it.
 *
 * Mirror rule: a field of mediasoup's keeps its name (in snake_case) and its unit. Derived rule: a figure that this
 * project computes is in base units and its name says which.
 */
#ifndef COLLECTD_MEDIASOUP_FIELDS_H
#define COLLECTD_MEDIASOUP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* What groups and participants count in the same way. */
#define STREAMS_SILENT_HELP "streams that should flow, but have no packet since the previous snapshot, or get no layer"
#define STREAMS_BAD_HELP "streams that flow with a score of 5 or less, or of whose packets some 7.5 % are missing"

typedef enum {
  CLASS_ENDPOINT,
  CLASS_USAGE,
  CLASS_WORKERS,
  CLASS_ROUTERS,
  CLASS_TRANSPORTS,
  CLASS_PRODUCERS,
  CLASS_CONSUMERS,
  CLASS_DATA_PRODUCERS,
  CLASS_DATA_CONSUMERS,
  CLASS_ROWS_COUNT, /* the classes before it are rows of a snapshot; those after it are summaries of such rows */
  CLASS_GROUPS = CLASS_ROWS_COUNT,
  CLASS_GROUP_PRODUCERS,
  CLASS_GROUP_CONSUMERS,
  CLASS_GROUP_TRANSPORTS,
  CLASS_WORST_PRODUCERS,
  CLASS_WORST_CONSUMERS,
  CLASS_SCORE, /* the distributions: sum and count in one class, the buckets in another */
  CLASS_SCORE_BUCKET,
  CLASS_LOSS_RATIO,
  CLASS_LOSS_RATIO_BUCKET,
  CLASS_ROUND_TRIP_TIME,
  CLASS_ROUND_TRIP_TIME_BUCKET,
  CLASS_JITTER,
  CLASS_JITTER_BUCKET,
  CLASS_CONNECT_TIME,
  CLASS_CONNECT_TIME_BUCKET,
  CLASS_COUNT,                     /* the classes before it are collectd's types */
  CLASS_CONNECTIONS = CLASS_COUNT, /* rows of a snapshot that are summed up, and get no value list */
  CLASSES_LENGTH
} class_id_t;

/* Where a member stands in a row. */
typedef enum {
  IN_ROW,   /* {"row":...,"KEY":...} */
  IN_STATS, /* {"row":...,"stats":{"KEY":...}} */
  IN_COUNTS /* {"row":"end","counts":{"KEY":...}} */
} place_t;

typedef enum {
  KIND_COUNTER, /* collectd's DERIVE: a whole number that only grows while the object lives */
  KIND_GAUGE    /* NaN when unknown */
} field_kind_t;

/* A figure that the plugin computes. A field names one for its own value, for the sum on its router's and worker's row
 * that it adds to, or for the sum of its group that it adds to. */
typedef enum {
  DERIVED_NOT,
  DERIVED_UP,
  DERIVED_SNAPSHOT_SECONDS,
  DERIVED_ROWS,
  DERIVED_UNANSWERED,
  DERIVED_OBJECTS_SKIPPED,
  DERIVED_RESTARTS,
  DERIVED_RESPONDING,
  DERIVED_CPU_RATIO,
  DERIVED_RTP_BYTES_RECEIVED,
  DERIVED_RTP_PACKETS_RECEIVED,
  DERIVED_RTP_BYTES_SENT,
  DERIVED_RTP_PACKETS_SENT,
  DERIVED_GROUPS,
  DERIVED_GROUPS_MAX,
  DERIVED_GROUPS_OTHER,
  DERIVED_BYTES,
  DERIVED_PACKETS,
  DERIVED_PACKETS_LOST,
  DERIVED_PACKETS_RETRANSMITTED,
  DERIVED_KEYFRAME_REQUESTS,
  DERIVED_BYTES_RECEIVED,
  DERIVED_BYTES_SENT,
  DERIVED_STREAMS,
  DERIVED_STREAMS_PAUSED,
  DERIVED_STREAMS_WAITING,
  DERIVED_STREAMS_INACTIVE,
  DERIVED_STREAMS_SILENT,
  DERIVED_STREAMS_BAD,
  DERIVED_STREAMS_BELOW_PREFERRED,
  DERIVED_STREAMS_CAUSE_SENDER,
  DERIVED_STREAMS_CAUSE_RECEIVER,
  DERIVED_STREAMS_CAUSE_BANDWIDTH,
  DERIVED_STREAMS_CAUSE_WORKER,
  DERIVED_STREAMS_CAUSE_TRANSPORT,
  DERIVED_STREAMS_CAUSE_UNKNOWN,
  DERIVED_TRANSPORTS,
  DERIVED_TRANSPORTS_UNUSED,
  DERIVED_TRANSPORTS_CONNECTING,
  DERIVED_TRANSPORTS_STUCK,
  DERIVED_TRANSPORTS_CONNECTED,
  DERIVED_TRANSPORTS_DISCONNECTED,
  DERIVED_TRANSPORTS_UDP,
  DERIVED_TRANSPORTS_TCP,
  DERIVED_CONNECTED,
  DERIVED_LEFT,
  DERIVED_LOST,
  DERIVED_DTLS_FAILED,
  DERIVED_NEVER_CONNECTED,
  DERIVED_BITRATE,
  DERIVED_RECEIVE_BITRATE,
  DERIVED_SEND_BITRATE,
  DERIVED_LOSS_RATIO,
  DERIVED_ROUND_TRIP_TIME,
  DERIVED_JITTER,
  DERIVED_SCORE,
  DERIVED_SCORE_MINIMUM,
  DERIVED_SCORE_MEAN,
  DERIVED_MOS,
  DERIVED_MOS_MEAN,
  DERIVED_CONSUMERS_AFFECTED,
  DERIVED_SUM,
  DERIVED_COUNT,
  DERIVED_BUCKET,
  DERIVED_LENGTH,
} derived_t;

/* A field that adds to a sum counts by how much it grew since the last snapshot: its place among such fields of a
 * stream, or of a transport. */
typedef enum {
  GROWTH_BYTES,
  GROWTH_PACKETS,
  GROWTH_PACKETS_LOST,
  GROWTH_PACKETS_RETRANSMITTED,
  GROWTH_PLI,
  GROWTH_FIR,
  GROWTHS_OF_STREAM,
  GROWTH_BYTES_RECEIVED = 0,
  GROWTH_BYTES_SENT,
  GROWTHS_OF_TRANSPORT,
} growth_t;

/* Every object has room for so many. */
enum { GROWTHS_MAX = GROWTHS_OF_STREAM };
_Static_assert((int)GROWTHS_OF_TRANSPORT <= (int)GROWTHS_MAX, "a transport's growths fit into an object");

typedef struct {
  const char *name; /* the data source */
  place_t place;
  const char *key; /* the row's member; NULL for a derived field */
  field_kind_t kind;
  const char *unit;
  double scale;         /* the member's number times this is the data source's; 0 stands for 1 */
  bool zero_is_unknown; /* the member is 0 where mediasoup does not know it */
  bool is_int32;        /* signed, though versions before 3.19.9 write it as if it were not: 2^31 and more is below 0 */
  double least, most;   /* the member is unknown outside of these; both 0: any number from 0 on */
  bool is_count;        /* a derived gauge that is a whole number of at most `most` */
  derived_t derived;    /* the figure it is, where it has no key */
  derived_t sum;        /* the sum it adds to, or DERIVED_NOT */
  derived_t group_sum;  /* the sum of its group that it adds to, or DERIVED_NOT */
  growth_t growth;      /* its place where it adds to a sum; meaningless elsewhere */
  const char *since;    /* the first mediasoup version that reports it; NULL: all from 3.7 on, or not mediasoup's */
  const char *help;
} field_t;

/* What the plugin decides rather than reads: of a stream, see verdict.h; of reading an endpoint, see report.h. */
typedef enum {
  DECIDED_NOT,
  DECIDED_STATE,
  DECIDED_BAD,
  DECIDED_PIPED,
  DECIDED_CAUSE,
  DECIDED_BAD_SINCE,
  DECIDED_REPORT,
} decided_t;

/* What an endpoint's value list says of reading it: the plugin mediasoup writes it, and /status reads it. Times are
 * epoch milliseconds. */
#define REPORT_SINCE "since" /* when it came up, or went down */
/* Only where it is down: why, what the operator can do, and when it was last read. */
#define REPORT_FAILURE "failure"
#define REPORT_REMEDY "remedy"
#define REPORT_LAST_READING "lastReading"
/* Only where it is up: the keys in appData by class, {"routers":["roomId"]}; the keys that name rooms, with "router"
 * where its id does, "roomId,router"; and where no key names any, the line that would. */
#define REPORT_APP_DATA_KEYS "appDataKeys"
#define REPORT_ROOM_NAMES "roomNames"
#define REPORT_ROOM_REMEDY "roomRemedy"

typedef enum {
  ATTRIBUTE_TEXT,
  ATTRIBUTE_NUMBER,
  ATTRIBUTE_BOOLEAN,
  ATTRIBUTE_JSON, /* an object or an array */
} attribute_type_t;

/* What an object is rather than how much: a metadata entry named `key`. A key has one type in all classes. Those that
 * the plugin decides come last in their class. */
typedef struct {
  place_t place;
  const char *key;
  attribute_type_t type;
  bool can_group;    /* a <Group> block may name it in By */
  decided_t decided; /* what it is where no row has it; DECIDED_NOT: it stands in a row, at `place` */
} attribute_t;

typedef struct class class_t;
struct class {
  const char *name; /* the row's class, collectd's type, and the view: one word for all three */
  const char *id;   /* the member that holds its id; NULL for the one endpoint */
  class_id_t parent;
  const char *parent_id;     /* the member that names its parent; NULL without one */
  bool keeps_id_when_piped;  /* mediasoup's pipeToRouter() makes another of the same id, below another parent */
  const char *type_instance; /* the template of what the object is, see template.h; NULL for a summary */
  const field_t *fields;
  size_t fields_length;
  const attribute_t *attributes;
  size_t attributes_length;
  const class_t *group;     /* what sums up a group of them; NULL where they cannot be grouped */
  const class_t *buckets;   /* of a distribution; NULL elsewhere */
  const class_t *histogram; /* of buckets: the distribution they belong to; NULL elsewhere */
  const char *help;         /* what one of them is; one line, without a full stop */
  const char *holds;        /* which part of a distribution it holds; NULL elsewhere */
};

/* The classes, indexed by class_id_t. Static, read-only, for any thread. */
extern const class_t classes[CLASSES_LENGTH];

/* The class of this name (`length` bytes) that is a type of collectd's, or NULL. */
const class_t *class_by_name(const char *name, size_t length);

/* Its place in `classes`. */
class_id_t class_id(const class_t *class);

/* Whether the application made it (routers to data consumers) rather than the machine (endpoint, usage, workers) or
 * this plugin (summaries). */
bool class_is_made_by_application(const class_t *class);

/* Whether the plugin makes it from the rows of a snapshot. */
bool class_is_summary(const class_t *class);

/* Whether its `worker` is a slot. A slot means something within one process only, so its metadata names the endpoint,
 * and the process where the endpoint has several. */
bool class_has_slot(const class_t *class);

/* The attribute of this key in the first `classes_length` classes, or NULL: CLASS_ROWS_COUNT looks at rows only,
 * CLASS_COUNT at the labels of summaries too. */
const attribute_t *attribute_find(size_t classes_length, const char *key);

/* The member's number as the field has it: signed, in the member's unit, NaN where it is out of the field's range. */
double field_number(const field_t *field, double number);

/* Whether it adds to a sum: on the rows above it, or of its group. */
bool field_is_summed(const field_t *field);

/* The index of the field of this name in class->fields, or -1. */
int class_field(const class_t *class, const char *name);

/* The index of the derived field in class->fields, or -1 where the class, one of `classes`, has none such. */
int class_derived_field(const class_t *class, derived_t derived);

#endif
