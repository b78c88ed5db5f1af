/* SPDX-License-Identifier: MIT */
/*
 * Whatever bytes an endpoint sends: parser, model and names have to hold. The first byte says in which pieces they
 * come, the second which options are set. A byte 0xFF, which JSON cannot have, ends one snapshot and begins the next,
 * so that the next meets what the one before left behind.
 */
#include "fuzz_snapshot.h"

#include "mediasoup/apply.h"
#include "mediasoup/commit.h"
#include "mediasoup/namer.h"
#include "mediasoup/parse.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  model_t *model;
  parser_t *parser;
  namer_t *namer;
  size_t chunk;
  double now;
} chain_t;

static const char *const keys[] = {"room", "peer"};

static void need(bool held) {
  if (!held)
    abort();
}

static void open_chain(chain_t *chain, uint8_t pieces, uint8_t options) {
  naming_t naming = {.endpoint = "sfu",
                     .process = (options & 1) != 0 ? 0 : -1,
                     .plugin_instance = (options & 2) != 0 ? "%{appData:room}%{kind}" : NULL,
                     .type_instance = (options & 4) != 0 ? "%{mimeType}" : NULL,
                     .app_data = keys,
                     .app_data_length = (options & 8) != 0 ? 2 : 0};
  unsigned selected = (options & 16) != 0 ? 1U << CLASS_PRODUCERS : (1U << CLASS_ROWS_COUNT) - 1;
  *chain = (chain_t){.model = model_new(selected, (options & 32) != 0 ? 2 : OBJECTS_MAX), .chunk = pieces};
  need(chain->model != NULL);
  chain->parser = parser_new(apply_row, chain->model);
  need(chain->parser != NULL && namer_new(&naming, &chain->namer, NULL) == STATUS_OK);
}

static void close_chain(chain_t *chain) {
  namer_free(chain->namer);
  parser_free(chain->parser);
  model_free(chain->model);
}

static void check_names(chain_t *chain, object_t *object) {
  need(namer_name(chain->namer, object) == STATUS_OK);
  need(strlen(object->plugin_instance) > 0 && strlen(object->plugin_instance) <= IDENTIFIER_MAX);
  need(strlen(object->type_instance) <= IDENTIFIER_MAX);
}

/* What holds for every snapshot that was taken. */
static void check_model(chain_t *chain) {
  check_names(chain, model_endpoint(chain->model));
  for (object_t *object = NULL; (object = model_next(chain->model, object)) != NULL;) {
    need(object->seen == model_snapshot(chain->model));
    need(object->parent == NULL || object->parent->seen == object->seen);
    for (size_t i = 0; i < object->class->fields_length; i++)
      need(object->class->fields[i].kind == KIND_GAUGE || object->values[i].counter >= 0);
    for (size_t i = 0; i < object->class->attributes_length; i++)
      (void)object_attribute(object, i, NULL);
    check_names(chain, object);
  }
}

static void read_snapshot(chain_t *chain, const uint8_t *data, size_t size) {
  failure_t failure = {0};
  status_t status = parser_begin(chain->parser, &failure);
  apply_begin(chain->model);
  for (size_t at = 0, taken; at < size && status == STATUS_OK; at += taken) {
    taken = chain->chunk > 0 && chain->chunk < size - at ? chain->chunk : size - at;
    char *chunk = malloc(taken); /* whoever reads beyond its end is seen */
    need(chunk != NULL);
    memcpy(chunk, data + at, taken);
    status = parser_feed(chain->parser, chunk, taken, &failure);
    free(chunk);
  }
  if (status == STATUS_OK)
    status = parser_end(chain->parser, &failure);
  chain->now += 1;
  if (status == STATUS_OK)
    status = commit_snapshot(chain->model, chain->now, 0.1, &failure);
  need(status == failure.status && strchr(failure.cause, '\n') == NULL);
  if (status == STATUS_OK)
    check_model(chain);
  else
    commit_failure(chain->model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  chain_t chain;
  if (size < 2)
    return 0;
  open_chain(&chain, data[0], data[1]);
  for (size_t at = 2; at < size;) {
    const uint8_t *end = memchr(data + at, 0xFF, size - at);
    size_t length = end != NULL ? (size_t)(end - data) - at : size - at;
    read_snapshot(&chain, data + at, length);
    at += length + 1;
  }
  close_chain(&chain);
  return 0;
}
