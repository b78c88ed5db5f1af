/* SPDX-License-Identifier: MIT */
/*
 * The room and the participant that a row's facts name.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANTS_SAID_NAMES_H
#define COLLECTD_MEDIASOUP_PARTICIPANTS_SAID_NAMES_H

#include "write_mediasoup/store/facts.h"

/* Texts are lent by the facts. */
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

/* What they say by `names`, or where they have none, by appData. A room that is called as its router is without a
 * name. */
said_names_t said_names_read(const facts_t *facts, const char *router_id);

/* Takes the name from below for one that has no name of its own. */
void said_name_adopt(said_name_t *name, const said_name_t *below);

/* The name of what is above where that has one and all agree; else its own. */
const said_name_t *said_name_choose(const said_name_t *above, const said_name_t *own);

#endif
