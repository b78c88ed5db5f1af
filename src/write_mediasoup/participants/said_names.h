/* SPDX-License-Identifier: MIT */
/*
 * The room and the participant that a row names.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANTS_SAID_NAMES_H
#define COLLECTD_MEDIASOUP_PARTICIPANTS_SAID_NAMES_H

#include "text_index.h"
#include "write_mediasoup/store/row.h"

/* Texts are lent by the row, or by names_read_t. */
typedef struct {
  const char *text; /* NULL: no key names it */
  const char *key;  /* of appData */
  bool is_adopted;  /* not the row's own: those below it say so */
  bool is_disputed; /* and not all of them say the same */
} said_name_t;

typedef struct {
  said_name_t room;
  said_name_t participant;
} said_names_t;

/* Rows of one participant say the same, and it is read once. Zero-initialise. */
typedef struct {
  text_index_t texts; /* by the text of `names` */
} names_read_t;

void names_read_done(names_read_t *cache);

/* What the row says. `names` is that fact, or NULL: then its appData has to tell. A room that is called as
 * its router is without a name. false when out of memory. */
MUST_CHECK bool said_names_read(names_read_t *cache, const store_row_t *row, const fact_t *names, const char *router_id,
                                said_names_t *said);

/* Takes the name from below for one that has no name of its own. */
void said_name_adopt(said_name_t *name, const said_name_t *below);

/* The name of what is above where that has one and all agree; else its own. */
const said_name_t *said_name_choose(const said_name_t *above, const said_name_t *own);

#endif
