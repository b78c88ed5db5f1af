/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include "mediasoup/apply.h"
#include "mediasoup/commit.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- snapshots --- */

static unsigned count_rows(const char *rows, const char *class) {
  char row[64];
  unsigned found = 0;
  (void)snprintf(row, sizeof(row), "{'row':'%s'", class);
  for (const char *at = rows; (at = strstr(at, row)) != NULL; at++)
    found++;
  return found;
}

char *snapshot(const char *rows) { return snapshot_of("", rows); }

char *snapshot_of(const char *endpoint, const char *rows) {
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  buffer_append_text(&text, "{'row':'endpoint','protocol':1,'mediasoup':'3.19.22'");
  buffer_append_text(&text, endpoint);
  buffer_append_text(&text, "}\n");
  buffer_append_text(&text, rows);
  buffer_append_text(&text, "{'row':'end','counts':{'endpoint':1");
  for (size_t i = CLASS_USAGE; i < CLASSES_LENGTH; i++) {
    char member[64];
    (void)snprintf(member, sizeof(member), ",'%s':%u", classes[i].name, count_rows(rows, classes[i].name));
    buffer_append_text(&text, member);
  }
  buffer_append_text(&text, "},'unanswered':0,'duration':3}\n");
  char *result = json(buffer_text(&text));
  buffer_done(&text);
  return result;
}

const char sample_rows[] =
    "{'row':'usage','type':'parent','pid':10,'ppid':1,'cpu':12.5,'memory':1000,'ctime':3.7,'elapsed':9000000}\n"
    "{'row':'usage','type':'worker','worker':0,'pid':11,'ppid':10,'cpu':1,'memory':900,'ctime':2,'elapsed':80}\n"
    "{'row':'workers','worker':0,'pid':11,'routers':1,'residentMemory':900,'channelRoundTripTime':1.5,"
    "'stats':{'ru_utime':100,'ru_stime':20,'ru_maxrss':7}}\n"
    "{'row':'workers','worker':1,'pid':12,'routers':1,'stats':{'ru_utime':1,'ru_stime':2}}\n"
    "{'row':'routers','routerId':'r0','worker':0,'transports':2,'appData':{'room':'r\\u00fcm \\\"1\\\"','n':1}}\n"
    "{'row':'routers','routerId':'r1','worker':1,'transports':1,'rtpObserverIds':['o1','o2']}\n"
    "{'row':'transports','transportId':'t0','routerId':'r0','transportType':'webrtc','appData':{'peer':'alice',"
    "'nested':{'a':[1,{'b':null}],'c':{}},'nothing':null,'is':true},'stats':{'bytesReceived':5,"
    "'iceState':'connected','tuple':{'localPort':4,'deep':[[],[1,2]]}}}\n"
    "{'row':'transports','transportId':'t1','routerId':'r0','transportType':'pipe','stats':{'bytesSent':6}}\n"
    "{'row':'transports','transportId':'t2','routerId':'r1','transportType':'pipe','appData':{'room':'far'}}\n"
    "{'row':'producers','producerId':'p0','transportId':'t0','kind':'video','mimeType':'video/VP8',"
    "'encodings':2,'paused':false,'stats':{'type':'inbound-rtp','byteCount':100,'packetCount':9,'jitter':1.5,"
    "'ssrc':1001,'rid':'l'}}\n"
    "{'row':'producers','producerId':'p0','transportId':'t0','kind':'video','mimeType':'video/VP8',"
    "'encodings':2,'paused':false,'stats':{'type':'inbound-rtp','byteCount':200,'packetCount':9,'jitter':1.5,"
    "'ssrc':1002,'rid':'h'}}\n"
    "{'row':'producers','producerId':'p1','transportId':'t0','kind':'audio','mimeType':'audio/opus',"
    "'encodings':1}\n"
    "{'row':'producers','producerId':'p2','transportId':'t2','kind':'video','mimeType':'video/VP8',"
    "'encodings':2,'stats':{'type':'inbound-rtp','byteCount':50,'packetCount':9,'jitter':1.5,'ssrc':1003}}\n"
    "{'row':'producers','producerId':'p2','transportId':'t2','kind':'video','mimeType':'video/VP8',"
    "'encodings':2,'stats':{'type':'inbound-rtp','byteCount':60,'packetCount':9,'jitter':1.5,'ssrc':1004}}\n"
    "{'row':'consumers','consumerId':'c0','producerId':'p0','transportId':'t1','kind':'video',"
    "'mimeType':'video/VP8','paused':true,'encodings':1,'stats':{'type':'inbound-rtp','byteCount':70,"
    "'packetCount':9,'jitter':1.5,'roundTripTime':0,'score':9}}\n"
    "{'row':'consumers','consumerId':'c1','producerId':'p1','transportId':'t0','error':'deadline'}\n"
    "{'row':'data_producers','dataProducerId':'d0','transportId':'t0','label':'chat','stats':{'bytesReceived':3}}\n"
    "{'row':'data_consumers','dataConsumerId':'e0','dataProducerId':'d0','transportId':'t1','label':'\xc3\xbc',"
    "'stats':{'bytesSent':3,'bufferedAmount':2}}\n";

/* --- the chain --- */

status_t chain_init_with(chain_t *chain, unsigned classes_wanted, size_t max_objects, const naming_t *naming) {
  static const naming_t plain = {.endpoint = "sfu", .process = -1};
  *chain = (chain_t){.model = model_new(classes_wanted, max_objects), .now = 1000};
  chain->parser = chain->model != NULL ? parser_new(apply_row, chain->model) : NULL;
  status_t status = chain->parser == NULL ? failure_no_memory(&chain->failure)
                                          : namer_new(naming != NULL ? naming : &plain, &chain->namer, &chain->failure);
  if (status != STATUS_OK)
    chain_done(chain);
  return status;
}

void chain_init(chain_t *chain) {
  if (chain_init_with(chain, ALL_CLASSES, OBJECTS_MAX, NULL) != STATUS_OK)
    abort();
  chain_read(chain, ""); /* sums begin with the second whole snapshot */
}

void chain_done(chain_t *chain) {
  namer_free(chain->namer);
  parser_free(chain->parser);
  model_free(chain->model);
  chain->namer = NULL;
  chain->parser = NULL;
  chain->model = NULL;
}

static MUST_CHECK status_t feed(chain_t *chain, const char *text, size_t length) {
  status_t status = parser_begin(chain->parser, &chain->failure);
  apply_begin(chain->model);
  for (size_t at = 0, taken; status == STATUS_OK && at < length; at += taken) {
    taken = chain->chunk > 0 && chain->chunk < length - at ? chain->chunk : length - at;
    char *chunk = exact_copy(text + at, taken);
    status = parser_feed(chain->parser, chunk, taken, &chain->failure);
    exact_copy_free(chunk);
  }
  if (status == STATUS_OK)
    status = parser_end(chain->parser, &chain->failure);
  return status == STATUS_OK ? commit_snapshot(chain->model, chain->now, 0.25, &chain->failure) : status;
}

static MUST_CHECK status_t name_all(chain_t *chain) {
  status_t status = namer_name(chain->namer, model_endpoint(chain->model));
  for (object_t *object = NULL; status == STATUS_OK && (object = model_next(chain->model, object)) != NULL;)
    if (model_dispatches(chain->model, object))
      status = namer_name(chain->namer, object);
  return status == STATUS_OK ? STATUS_OK : failure_set(&chain->failure, status, "it could not be named");
}

status_t chain_read_text(chain_t *chain, const char *text, size_t length) {
  chain->now += 10;
  chain->failure = (failure_t){.status = STATUS_OK};
  status_t status = feed(chain, text, length);
  if (status != STATUS_OK) {
    commit_failure(chain->model);
    return status;
  }
  return name_all(chain);
}

void chain_read(chain_t *chain, const char *rows) { chain_read_of(chain, "", rows); }

void chain_read_of(chain_t *chain, const char *endpoint, const char *rows) {
  char *text = snapshot_of(endpoint, rows);
  status_t status = chain_read_text(chain, text, strlen(text));
  free(text);
  assert_string_equal(chain->failure.cause, "");
  assert_int_equal(status, STATUS_OK);
}

void chain_read_cut(chain_t *chain, const char *rows) { chain_read_cut_of(chain, "", rows); }

void chain_read_cut_of(chain_t *chain, const char *endpoint, const char *rows) {
  char *text = snapshot_of(endpoint, rows);
  *strstr(text, "{\"row\":\"end\"") = '\0';
  assert_int_equal(chain_read_text(chain, text, strlen(text)), STATUS_INCOMPLETE);
  free(text);
}

void chain_read_as(chain_t *chain, const char *text, status_t status) {
  char *copy = json(text);
  assert_int_equal(chain_read_text(chain, copy, strlen(copy)), status);
  assert_int_equal(chain->failure.status, status);
  free(copy);
}

void assert_refused(const char *text, status_t status, const char *cause) {
  for (size_t chunk = 0; chunk <= CHUNKS; chunk++) {
    chain_t chain;
    chain_init(&chain);
    chain.chunk = chunk;
    chain_read_as(&chain, text, status);
    if (strstr(chain.failure.cause, cause) == NULL)
      fail_msg("\"%s\" instead of \"%s\"", chain.failure.cause, cause);
    assert_value(&chain, "endpoint", "up", 0);
    chain_read(&chain, sample_rows);
    assert_value(&chain, "endpoint", "up", 1);
    chain_done(&chain);
  }
}

void chain_test(void **state) {
  const chain_test_t *test = *state;
  long before = allocations_live();
  chain_t chain;
  chain_init(&chain);
  test->run(&chain);
  chain_done(&chain);
  assert_int_equal(allocations_live(), before);
}

object_t *chain_find(const chain_t *chain, const char *name) {
  if (strcmp(name, "endpoint") == 0)
    return model_endpoint(chain->model);
  for (object_t *object = model_next(chain->model, NULL); object != NULL; object = model_next(chain->model, object)) {
    char full[3 * (ID_MAX + 1)];
    (void)snprintf(full, sizeof(full), "%s %s%s%s", object->class->name, object->id,
                   object->stream[0] != '\0' ? " " : "", object->stream);
    if (strcmp(full, name) == 0)
      return object;
  }
  return NULL;
}

double chain_value(const chain_t *chain, const char *name, const char *field) {
  const object_t *object = chain_find(chain, name);
  for (size_t i = 0; object != NULL && i < object->class->fields_length; i++)
    if (strcmp(object->class->fields[i].name, field) == 0)
      return object->class->fields[i].kind == KIND_COUNTER ? (double)object->values[i].counter
                                                           : object->values[i].gauge;
  fail_msg("there is no %s of %s", field, name);
  return NAN;
}

void assert_value(const chain_t *chain, const char *name, const char *field, double expected) {
  double value = chain_value(chain, name, field);
  /* cmocka 1.1.5 compares floats only */
  if (!(fabs(value - expected) <= 1e-9 * (1 + fabs(expected))))
    fail_msg("%s of %s is %.15g instead of %.15g", field, name, value, expected);
}

void assert_unknown(const chain_t *chain, const char *name, const char *field) {
  double value = chain_value(chain, name, field);
  if (!isnan(value))
    fail_msg("%s of %s is %.15g instead of unknown", field, name, value);
}

bool chain_dispatches(const chain_t *chain, const char *name) {
  const object_t *object = chain_find(chain, name);
  return object != NULL && model_dispatches(chain->model, object);
}

/* --- as text --- */

static void print_value(const field_t *field, const object_value_t *value, buffer_t *text) {
  char number[64];
  if (field->kind == KIND_COUNTER)
    (void)snprintf(number, sizeof(number), " %s=%" PRId64, field->name, value->counter);
  else if (isnan(value->gauge))
    (void)snprintf(number, sizeof(number), " %s=unknown", field->name);
  else
    (void)snprintf(number, sizeof(number), " %s=%.15g", field->name, value->gauge);
  buffer_append_text(text, number);
}

static void print_texts(buffer_t *text, const char *const *texts, size_t length) {
  for (size_t i = 0; i < length; i++)
    buffer_append_text(text, texts[i] != NULL ? texts[i] : "(none)");
}

static void print_attributes(const object_t *object, buffer_t *text) {
  static const char *const types[] = {
      [MEMBER_TEXT] = "text", [MEMBER_NUMBER] = "number", [MEMBER_BOOLEAN] = "boolean", [MEMBER_JSON] = "JSON"};
  for (size_t i = 0; i < object->class->attributes_length; i++) {
    member_type_t type = MEMBER_TEXT;
    const char *attribute = object_attribute(object, i, &type);
    const char *texts[] = {"    ", object->class->attributes[i].key, ": ", types[type], " ", attribute, "\n"};
    if (attribute != NULL)
      print_texts(text, texts, LENGTH(texts));
  }
}

static void print_object(const chain_t *chain, const object_t *object, buffer_t *text) {
  const char *names[] = {object->class->name,
                         "|",
                         object->plugin_instance,
                         "|",
                         object->type_instance,
                         object->parent != NULL ? "|below " : "",
                         object->parent != NULL ? object->parent->id : "",
                         model_dispatches(chain->model, object) ? "\n   " : "|not dispatched\n   "};
  print_texts(text, names, LENGTH(names));
  for (size_t i = 0; i < object->class->fields_length; i++)
    print_value(&object->class->fields[i], &object->values[i], text);
  buffer_append_text(text, "\n");
  print_attributes(object, text);
  const char *app_data[] = {"    appData: ", object->app_data != NULL ? object->app_data->json : "", "\n"};
  if (object->app_data != NULL)
    print_texts(text, app_data, LENGTH(app_data));
}

void chain_print(const chain_t *chain, buffer_t *text) {
  print_object(chain, model_endpoint(chain->model), text);
  for (object_t *object = NULL; (object = model_next(chain->model, object)) != NULL;)
    print_object(chain, object, text);
}
