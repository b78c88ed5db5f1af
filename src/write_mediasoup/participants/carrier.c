/* SPDX-License-Identifier: MIT */
#include "carrier.h"

#include "common/identifier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In the order of their keys, see facts_find_texts(). */
typedef enum {
  TOLD_CONNECTION,
  TOLD_PROTOCOL,
  TOLD_ROUTER_ID,
  TOLD_TRANSPORT_ID,
  TOLD_TRANSPORT_TYPE,
  TOLD_LENGTH
} told_of_transport_t;

static const char *const keys[TOLD_LENGTH] = {"connection", "protocol", "routerId", "transportId", "transportType"};

void carriers_done(carriers_t *carriers) {
  text_index_done(&carriers->routers);
  text_index_done(&carriers->by_id);
  free(carriers->list);
}

/* --- routers --- */

static MUST_CHECK bool add_router(carriers_t *carriers, const store_row_t *row) {
  const char *id = facts_find_text(row->facts, row->class->id);
  if (id == NULL)
    return true;
  text_index_place_t *place = text_index_place(&carriers->routers, &(text_key_t){{row->host, id}});
  if (place != NULL)
    place->thing = (void *)(uintptr_t)row; /* which is only read */
  return place != NULL;
}

const char *carriers_endpoint(const carriers_t *carriers, const char *host, const char *router_id) {
  const store_row_t *router =
      router_id != NULL ? text_index_find(&carriers->routers, &(text_key_t){{host, router_id}}) : NULL;
  return router != NULL ? facts_find_text(router->facts, IDENTIFIER_ENDPOINT) : NULL;
}

/* --- transports --- */

/* The carrier of this id, which is new where it has no host yet. NULL when out of memory. */
static carrier_t *find_or_add(carriers_t *carriers, const char *host, const char *id) {
  text_index_place_t *place = text_index_place(&carriers->by_id, &(text_key_t){{host, id}});
  if (place != NULL && place->thing == NULL)
    place->thing = &carriers->list[carriers->length++];
  return place != NULL ? place->thing : NULL;
}

static bool is_inner(const char *type) {
  return type != NULL && (strcmp(type, "pipe") == 0 || strcmp(type, "direct") == 0);
}

static double gauge(const store_row_t *row, int column) {
  return isfinite(row->values[column].gauge) ? row->values[column].gauge : NAN;
}

static double counter(const store_row_t *row, int column) { return (double)row->values[column].counter; }

static MUST_CHECK bool add_transport(carriers_t *carriers, const store_row_t *row) {
  const char *told[TOLD_LENGTH];
  facts_find_texts(row->facts, keys, TOLD_LENGTH, told);
  const char *id = told[TOLD_TRANSPORT_ID];
  carrier_t *carrier = id != NULL ? find_or_add(carriers, row->host, id) : NULL;
  if (carrier == NULL || carrier->row != NULL)
    return id == NULL || carrier != NULL;
  *carrier = (carrier_t){.row = row,
                         .host = row->host,
                         .id = id,
                         .router_id = told[TOLD_ROUTER_ID],
                         .endpoint = carriers_endpoint(carriers, row->host, told[TOLD_ROUTER_ID]),
                         .connection = told[TOLD_CONNECTION],
                         .protocol = told[TOLD_PROTOCOL],
                         .connect_time = gauge(row, carriers->connect_time),
                         .bytes_received = counter(row, carriers->bytes_received),
                         .bytes_sent = counter(row, carriers->bytes_sent),
                         .is_inner = is_inner(told[TOLD_TRANSPORT_TYPE]),
                         .names = said_names_read(row->facts, told[TOLD_ROUTER_ID])};
  return true;
}

bool carriers_make(carriers_t *carriers, const store_row_t *const *routers, size_t routers_length,
                   const store_row_t *const *transports, size_t transports_length, size_t more) {
  carriers->list = calloc(transports_length + more + 1, sizeof(*carriers->list));
  carriers->connect_time = class_field(&classes[CLASS_TRANSPORTS], "connect_time");
  carriers->bytes_received = class_field(&classes[CLASS_TRANSPORTS], "bytes_received");
  carriers->bytes_sent = class_field(&classes[CLASS_TRANSPORTS], "bytes_sent");
  bool made = carriers->list != NULL;
  for (size_t i = 0; made && i < routers_length; i++)
    made = add_router(carriers, routers[i]);
  for (size_t i = 0; made && i < transports_length; i++)
    made = add_transport(carriers, transports[i]);
  return made;
}

carrier_t *carriers_of(carriers_t *carriers, const stream_row_t *stream) {
  carrier_t *carrier = find_or_add(carriers, stream->row->host, stream->told->transport_id);
  if (carrier != NULL && carrier->host == NULL)
    *carrier = (carrier_t){.host = stream->row->host,
                           .id = stream->told->transport_id,
                           .router_id = stream->told->router_id,
                           .connect_time = NAN,
                           .bytes_received = NAN,
                           .bytes_sent = NAN,
                           .endpoint = carriers_endpoint(carriers, stream->row->host, stream->told->router_id)};
  return carrier;
}

static bool is_own(const said_name_t *name) { return name->text != NULL && !name->is_adopted; }

bool carrier_is_named(const carrier_t *carrier) {
  return is_own(&carrier->names.room) && is_own(&carrier->names.participant);
}

bool carrier_is_untold(const carrier_t *carrier) { return carrier->row != NULL && carrier->router_id == NULL; }

void carrier_adopt(carrier_t *carrier, const said_names_t *said) {
  if (carrier->is_inner)
    return;
  said_name_adopt(&carrier->names.participant, &said->participant);
  said_name_adopt(&carrier->names.room, &said->room);
}
