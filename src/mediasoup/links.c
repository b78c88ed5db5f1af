/* SPDX-License-Identifier: MIT */
#include "links.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void links_init(links_t *links) { *links = (links_t){.text = BUFFER_INIT(ROW_TEXT_MAX_BYTES)}; }

static void remove_link(links_t *links, link_t *link) {
  HASH_DEL(links->table, link);
  free(link);
}

void links_done(links_t *links) {
  link_t *link, *next;
  HASH_ITER(hh, links->table, link, next) {
    remove_link(links, link);
  }
  buffer_done(&links->text);
}

/* --- finding one --- */

static const way_in_t no_way_in = {
    .score = NAN, .loss_ratio = NAN, .missing_ratio = NAN, .jitter = NAN, .bitrate_least = NAN, .bitrate_most = NAN};

static link_t *add_link(links_t *links) {
  size_t length = links->text.length;
  link_t *link = calloc(1, sizeof(*link) + length);
  if (link == NULL)
    return NULL;
  memcpy(link->key, buffer_text(&links->text), length);
  link->key_length = length;
  link->way_in = no_way_in;
  HASH_ADD_KEYPTR(hh, links->table, link->key, link->key_length, link);
  if (link->hh.tbl != NULL)
    return link;
  free(link);
  return NULL;
}

/* The link of the key that was written; NULL when out of memory. */
static link_t *find(links_t *links) {
  link_t *link = NULL;
  if (buffer_status(&links->text) != STATUS_OK)
    return NULL;
  HASH_FIND(hh, links->table, buffer_text(&links->text), links->text.length, link);
  return link != NULL ? link : add_link(links);
}

/* --- what it is a link of --- */

/* mediasoup's pipeToRouter() keeps the producer's id, so one link holds for all routers. */
static link_t *find_producer(links_t *links, const object_t *stream) {
  bool is_producer = stream->class == &classes[CLASS_PRODUCERS];
  const char *id = is_producer ? stream->id : object_find_attribute(stream, "producerId");
  if (id == NULL)
    return NULL;
  buffer_clear(&links->text);
  buffer_append_character(&links->text, 'p');
  buffer_append_text(&links->text, id);
  return find(links);
}

/* "ADDRESS PORT" of one end of the tuple; false where it says nothing of it. mediasoup has localAddress beside localIp
 * from 3.13.18 on. */
static bool write_end(const app_data_t *tuple, bool local, char end[2 * (ID_MAX + 1)]) {
  const char *address = app_data_find(tuple, local ? "localAddress" : "remoteIp");
  const char *port = app_data_find(tuple, local ? "localPort" : "remotePort");
  if (address == NULL && local)
    address = app_data_find(tuple, "localIp");
  if (address == NULL || port == NULL || strlen(address) > ID_MAX || strlen(port) > ID_MAX)
    return false;
  end[0] = '\0';
  strcat(strcat(strcat(end, address), " "), port);
  return true;
}

/* What is local to one end is remote to the other: the ends stand in the key in the order of their texts. */
static bool write_pipe(buffer_t *key, const app_data_t *tuple) {
  char local[2 * (ID_MAX + 1)], remote[2 * (ID_MAX + 1)];
  if (!write_end(tuple, true, local) || !write_end(tuple, false, remote))
    return false;
  bool in_order = strcmp(local, remote) < 0;
  buffer_clear(key);
  buffer_append_character(key, 't');
  buffer_append_text(key, in_order ? local : remote);
  buffer_append_character(key, '-');
  buffer_append_text(key, in_order ? remote : local);
  return true;
}

static link_t *find_pipe(links_t *links, const object_t *transport) {
  const char *json = object_find_attribute(transport, "tuple");
  app_data_t *tuple = json != NULL ? app_data_of(json) : NULL;
  link_t *link = tuple != NULL && write_pipe(&links->text, tuple) ? find(links) : NULL;
  app_data_free(tuple);
  return link;
}

/* --- a reading --- */

void links_begin(links_t *links) {
  for (link_t *link = links->table; link != NULL; link = link->hh.next) {
    link->seen = false;
    link->moving = link->piped_producers = link->piped_consumers = link->consumers = link->ends = 0;
    link->way_in = no_way_in;
  }
}

static void add_transport(links_t *links, object_t *transport) {
  membership_t *membership = &transport->membership;
  if (membership->on_pipe && membership->pipe == NULL)
    membership->pipe = find_pipe(links, transport);
  if (membership->pipe == NULL)
    return;
  membership->pipe->seen = true;
  membership->pipe->ends++;
}

static void add_stream(links_t *links, object_t *stream, bool moves) {
  membership_t *membership = &stream->membership;
  bool is_producer = stream->class == &classes[CLASS_PRODUCERS];
  if (membership->producer == NULL)
    membership->producer = find_producer(links, stream);
  link_t *link = membership->producer;
  if (link == NULL)
    return;
  link->seen = true;
  link->moving += moves && is_producer ? 1 : 0;
  link->piped_producers += membership->on_pipe && is_producer ? 1 : 0;
  link->piped_consumers += membership->on_pipe && !is_producer ? 1 : 0;
  link->consumers += !membership->on_pipe && !membership->paused && !is_producer ? 1 : 0;
}

void links_add(links_t *links, object_t *object, bool moves) {
  if (object->class == &classes[CLASS_TRANSPORTS])
    add_transport(links, object);
  else
    add_stream(links, object, moves);
}

void links_end(links_t *links) {
  link_t *link, *next;
  HASH_ITER(hh, links->table, link, next) {
    if (!link->seen)
      remove_link(links, link);
  }
}

/* --- the way in --- */

/* NaN is neither. */
static void raise_to(double *highest, double number) {
  if (!(*highest >= number) && !isnan(number))
    *highest = number;
}

static void lower_to(double *lowest, double number) {
  if (!(*lowest <= number) && !isnan(number))
    *lowest = number;
}

void links_add_inflow(const object_t *producer, const inflow_t *inflow) {
  link_t *link = producer->membership.producer;
  if (link == NULL)
    return;
  way_in_t *way_in = &link->way_in;
  way_in->well += inflow->flows && !inflow->is_bad ? 1 : 0;
  way_in->troubled += inflow->is_bad || inflow->is_silent ? 1 : 0;
  if (!inflow->flows)
    return;
  raise_to(&way_in->score, inflow->score);
  raise_to(&way_in->loss_ratio, inflow->loss_ratio);
  raise_to(&way_in->missing_ratio, inflow->missing_ratio);
  raise_to(&way_in->jitter, inflow->jitter);
  raise_to(&way_in->bitrate_most, inflow->bitrate);
  lower_to(&way_in->bitrate_least, inflow->bitrate);
}

/* --- what they tell --- */

/* Where a pipe's tuple is unknown, the other end is known by the producer that comes out of it. */
bool links_is_piped(const object_t *object) {
  bool is_transport = object->class == &classes[CLASS_TRANSPORTS];
  const object_t *transport = is_transport ? object : object->parent;
  if (!object->membership.on_pipe)
    return false;
  if (transport != NULL && transport->membership.pipe != NULL)
    return transport->membership.pipe->ends > 1;
  const link_t *producer = object->membership.producer;
  return is_transport || (producer != NULL && producer->piped_producers > 0 && producer->piped_consumers > 0);
}

bool links_excuse(const object_t *stream, bool moves) {
  const link_t *producer = stream->membership.producer;
  size_t moving = producer != NULL ? producer->moving : 0;
  bool is_layer = stream->stream[0] != '\0';
  if (stream->class == &classes[CLASS_CONSUMERS])
    return moving == 0 || is_layer;
  if (is_layer && moving > (moves ? 1 : 0))
    return true;
  return moving == 0 && links_is_piped(stream);
}
