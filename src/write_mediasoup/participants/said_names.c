/* SPDX-License-Identifier: MIT */
#include "said_names.h"

#include "common/names.h"

#include <string.h>

/* --- reading --- */

/* Without a key it was the usual one. */
static said_name_t name_of(const app_data_t *names, const char *what, const char *key, const char *usual_key) {
  const char *text = app_data_find(names, what), *told = app_data_find(names, key);
  return (said_name_t){.text = text != NULL && text[0] != '\0' ? text : NULL, .key = told != NULL ? told : usual_key};
}

/* A row without metadata has only what its identifier tells. */
static said_name_t name_in_app_data(const facts_t *facts, const char *key) {
  const char *own = app_data_find(facts_app_data(facts), key);
  const char *text = own != NULL ? own : app_data_find(facts_inherited(facts), key);
  return (said_name_t){.text = text != NULL && text[0] != '\0' ? text : NULL, .key = key};
}

said_names_t said_names_read(const facts_t *facts, const char *router_id) {
  const app_data_t *names = facts_names(facts);
  said_names_t said = {0};
  if (names != NULL)
    said = (said_names_t){.room = name_of(names, NAMES_ROOM, NAMES_ROOM_KEY, NAMES_USUAL_ROOM_KEY),
                          .participant =
                              name_of(names, NAMES_PARTICIPANT, NAMES_PARTICIPANT_KEY, NAMES_USUAL_PARTICIPANT_KEY)};
  else
    said = (said_names_t){.room = name_in_app_data(facts, NAMES_USUAL_ROOM_KEY),
                          .participant = name_in_app_data(facts, NAMES_USUAL_PARTICIPANT_KEY)};
  if (said.room.text != NULL && router_id != NULL && strcmp(said.room.text, router_id) == 0)
    said.room.text = NULL;
  return said;
}

/* --- above and below --- */

void said_name_adopt(said_name_t *name, const said_name_t *below) {
  if (below->text == NULL || (name->text != NULL && !name->is_adopted))
    return;
  if (name->text == NULL) {
    *name = *below;
    name->is_adopted = true;
  } else if (strcmp(name->text, below->text) != 0)
    name->is_disputed = true;
}

const said_name_t *said_name_choose(const said_name_t *above, const said_name_t *own) {
  return above->text != NULL && !above->is_disputed ? above : own;
}
