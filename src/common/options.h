/* SPDX-License-Identifier: MIT */
/*
 * The table of options: every option of both plugins' configuration, with its default and what it does. The plugins
 * know an option by its place here; the README's tables and the man pages are written from it (`make
 * update-documents`), and `make check` fails where they differ.
 */
#ifndef COLLECTD_MEDIASOUP_OPTIONS_H
#define COLLECTD_MEDIASOUP_OPTIONS_H

#include <stddef.h>

/* Where serve() listens when it is not told otherwise. */
#define DEFAULT_SOCKET "/run/mediasoup/collectd.sock"
#define DEFAULT_LISTEN "127.0.0.1"
#define DEFAULT_RECEIVE_PATH "/"

enum {
  DEFAULT_TIMEOUT_SECONDS = 5, /* above the endpoint's own deadline for a worker, 2 s */
  DEFAULT_PORT = 4000,
};

typedef enum {
  OPTIONS_OF_ENDPOINT, /* <Plugin mediasoup> <Endpoint "name"> */
  OPTIONS_OF_GROUP,    /* <Plugin mediasoup> <Endpoint "name"> <Group "name"> */
  OPTIONS_OF_VIEWS,    /* <Plugin write_mediasoup> */
  OPTIONS_OF_RECEIVE,  /* <Plugin write_mediasoup> <Receive> */
  OPTIONS_OF_COUNT
} block_id_t;

/* Places in the block's options. */
enum {
  ENDPOINT_SOCKET,
  ENDPOINT_URL,
  ENDPOINT_HOST,
  ENDPOINT_INTERVAL,
  ENDPOINT_TIMEOUT,
  ENDPOINT_APP_DATA,
  ENDPOINT_ROWS,
  ENDPOINT_PLUGIN_INSTANCE,
  ENDPOINT_TYPE_INSTANCE,
  ENDPOINT_MAX_OBJECTS,
  ENDPOINT_METADATA,
  ENDPOINT_DISTRIBUTIONS,
  ENDPOINT_WORST,
  ENDPOINT_OPTIONS
};
enum { GROUP_BY, GROUP_OF, GROUP_MAX_GROUPS, GROUP_OPTIONS };
enum { VIEWS_LISTEN, VIEWS_PORT, VIEWS_SOCKET, VIEWS_MAX_OBJECTS, VIEWS_OPTIONS };
enum { RECEIVE_PATH, RECEIVE_TOKEN, RECEIVE_USER, RECEIVE_PASSWORD, RECEIVE_OPTIONS };

/* Texts are for documents, with `what is literal` between backticks. */
typedef struct {
  const char *name;
  const char *argument; /* what stands for its value in a synopsis */
  const char *fallback; /* what holds without it; NULL: the number, or nothing where that is 0 */
  int number;
  const char *help;
} option_t;

typedef struct {
  const char *name;  /* in the documents' markers */
  const char *block; /* as it begins in a configuration */
  const option_t *options;
  size_t length;
} option_block_t;

/* Indexed by block_id_t. Static, read-only, for any thread. */
extern const option_block_t option_blocks[OPTIONS_OF_COUNT];

/* The place of the block's option of this name, whatever its case, or -1. */
int option_find(block_id_t block, const char *name);

/* "Socket, URL, ...": what there is, for a complaint. Cut where `size` ends. */
void option_names(block_id_t block, char *text, size_t size);

#endif
