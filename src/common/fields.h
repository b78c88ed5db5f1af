/*
 * The table of fields: what mediasoup reports, under which member of a snapshot's row it comes in, and as which data
 * source or metadata entry it goes out. Parse, dispatch, types.db and the README's chapter on metrics all read it;
 * `make check` fails where a written-down copy differs.
 *
 * Mirror rule: a field of mediasoup's keeps its name (in snake_case) and its unit. Derived rule: what we compute is in
 * base units, and its name says which.
 */
#ifndef COLLECTD_MEDIASOUP_FIELDS_H
#define COLLECTD_MEDIASOUP_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

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
  CLASS_COUNT
} class_id_t;

/* Where in a row a member stands. */
typedef enum {
  IN_ROW,   /* {"row":...,"KEY":...} */
  IN_STATS, /* {"row":...,"stats":{"KEY":...}} */
  IN_COUNTS /* {"row":"end","counts":{"KEY":...}} */
} place_t;

typedef enum {
  KIND_COUNTER, /* collectd's DERIVE: a whole number that only grows while the object lives */
  KIND_GAUGE    /* NaN when unknown */
} field_kind_t;

/* What the plugin computes, and for a stream's field the sum on its router's and worker's row that it adds to. */
typedef enum {
  DERIVED_NOT,
  DERIVED_UP,
  DERIVED_SNAPSHOT_SECONDS,
  DERIVED_ROWS,
  DERIVED_UNANSWERED,
  DERIVED_OBJECTS_SKIPPED,
  DERIVED_RESPONDING,
  DERIVED_CPU_RATIO,
  DERIVED_RTP_BYTES_RECEIVED,
  DERIVED_RTP_PACKETS_RECEIVED,
  DERIVED_RTP_BYTES_SENT,
  DERIVED_RTP_PACKETS_SENT,
} derived_t;

typedef struct {
  const char *name; /* the data source */
  place_t place;
  const char *key; /* the row's member; NULL when derived */
  field_kind_t kind;
  const char *unit;
  double scale;         /* the member's number times this is the data source's; 0 stands for 1 */
  bool zero_is_unknown; /* the member says 0 for what it does not know */
  derived_t derived;    /* what computes it, when there is no key */
  derived_t sum;        /* the sum it adds to, or DERIVED_NOT */
  const char *since;    /* the mediasoup version that first reports it; NULL: all from 3.7 on, or not mediasoup's */
  const char *help;
} field_t;

/* What an object is rather than how much: a metadata entry named `key`. */
typedef struct {
  place_t place;
  const char *key;
} attribute_t;

typedef struct {
  const char *name; /* the row's class, collectd's type and the view, all by one word */
  const char *id;   /* the member that holds its id; NULL for the one endpoint */
  class_id_t parent;
  const char *parent_id;     /* the member that names its parent; NULL without one */
  bool keeps_id_when_piped;  /* mediasoup's pipeToRouter() makes another of the same id, below another parent */
  const char *type_instance; /* the template of what the object is, see template.h */
  const field_t *fields;
  size_t fields_length;
  const attribute_t *attributes;
  size_t attributes_length;
  const char *help;
} class_t;

/* The classes, indexed by class_id_t. Static, read-only, for any thread. */
extern const class_t classes[CLASS_COUNT];

/* The class of this name (`length` bytes), or NULL. */
const class_t *class_by_name(const char *name, size_t length);

/* Its place in `classes`. */
class_id_t class_id(const class_t *class);

/* Whether the application made it (routers to data consumers) rather than the machine (endpoint, usage, workers). */
bool class_is_made_by_application(const class_t *class);

/* Whether its `worker` is a slot, which means something within one process only: its metadata names the endpoint, and
 * the process where the endpoint has several. */
bool class_has_slot(const class_t *class);

/* The index of the derived field in class->fields, or -1 where the class has none such. */
int class_derived_field(const class_t *class, derived_t derived);

#endif
