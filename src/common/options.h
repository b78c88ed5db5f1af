/* SPDX-License-Identifier: MIT */
/*
 * The table of options: each option of both plugins, with its default and what it does. The plugins know an option by
 * its place here. The documents and man pages repeat the table (`make update-documents`), and `make check` fails where
 * they differ from it.
 */
#ifndef COLLECTD_MEDIASOUP_OPTIONS_H
#define COLLECTD_MEDIASOUP_OPTIONS_H

#include <stddef.h>

/* Where serve() of the endpoint listens by default. */
#define DEFAULT_SOCKET "/run/mediasoup/collectd.sock"
#define DEFAULT_LISTEN "127.0.0.1"
#define DEFAULT_RECEIVE_PATH "/"

/* What real applications call the room and the participant in their appData. */
#define DEFAULT_ROOM_KEYS "roomId", "room_id", "roomName", "room"
#define DEFAULT_PARTICIPANT_KEYS "peerId", "peer_id", "userId", "participantId"

enum {
  DEFAULT_TIMEOUT_SECONDS = 5, /* above the endpoint's own deadline for a worker, 2 s */
  DEFAULT_PORT = 4000,
  DEFAULT_HISTORY_SECONDS = 3600,
  DEFAULT_HISTORY_MEMORY = 64, /* MiB */
};

typedef enum {
  OPTIONS_OF_ENDPOINT, /* <Plugin mediasoup> <Endpoint "name"> */
  OPTIONS_OF_GROUP,    /* <Plugin mediasoup> <Endpoint "name"> <Group "name"> */
  OPTIONS_OF_VIEWS,    /* <Plugin write_mediasoup> */
  OPTIONS_OF_READERS,  /* <Plugin write_mediasoup> <Readers> */
  OPTIONS_OF_RECEIVE,  /* <Plugin write_mediasoup> <Receive> */
  OPTIONS_OF_COUNT
} block_id_t;

/* Places in the block's options. */
enum {
  ENDPOINT_SOCKET,
  ENDPOINT_URL,
  ENDPOINT_CA_CERT,
  ENDPOINT_VERIFY_PEER,
  ENDPOINT_VERIFY_HOST,
  ENDPOINT_TOKEN_FILE,
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
  ENDPOINT_ROOM_KEYS,
  ENDPOINT_PARTICIPANT_KEYS,
  ENDPOINT_OPTIONS
};
enum { GROUP_BY, GROUP_OF, GROUP_MAX_GROUPS, GROUP_OPTIONS };
enum {
  VIEWS_LISTEN,
  VIEWS_PORT,
  VIEWS_ALLOWED_HOST,
  VIEWS_CERTIFICATE_FILE,
  VIEWS_CERTIFICATE_KEY_FILE,
  VIEWS_SOCKET,
  VIEWS_SOCKET_OWNER,
  VIEWS_SOCKET_GROUP,
  VIEWS_SOCKET_PERMS,
  VIEWS_MAX_OBJECTS,
  VIEWS_HISTORY,
  VIEWS_HISTORY_MEMORY,
  VIEWS_NOTIFICATIONS,
  VIEWS_OPTIONS
};
enum { READERS_TOKEN, READERS_TOKEN_FILE, READERS_USER, READERS_PASSWORD, READERS_OPTIONS };
enum { RECEIVE_PATH, RECEIVE_TOKEN, RECEIVE_TOKEN_FILE, RECEIVE_USER, RECEIVE_PASSWORD, RECEIVE_OPTIONS };

/* Its texts are for documents. Literal words stand between backticks. */
typedef struct {
  const char *name;
  const char *argument; /* the placeholder of its value in a synopsis */
  const char *fallback; /* the default in words; NULL: the default is `number`, or none where that is 0 */
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

/* The place of the block's option of this name, in upper or lower case, or -1. */
int option_find(block_id_t block, const char *name);

/* Writes the names of the block's options, "Socket, URL, ...", for an error message. Cuts them at `size` bytes. */
void option_names(block_id_t block, char *text, size_t size);

#endif
