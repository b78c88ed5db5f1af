/* SPDX-License-Identifier: MIT */
#include "body.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A row of few fields is a tiny piece. The server's one thread makes so many of them before another connection's turn.
 */
enum { PIECES_MAX = 2048 };

struct body {
  const body_type_t *type;
  void *source;
  uint64_t version;
  const buffer_t *piece; /* NULL before the first and after the last */
  size_t given;          /* how many bytes of it were read */
  bool ended;
  bool failed;
};

body_t *body_new(const body_type_t *type, void *source, uint64_t version) {
  body_t *body = malloc(sizeof(*body));
  if (body != NULL)
    *body = (body_t){.type = type, .source = source, .version = version};
  return body;
}

void body_free(body_t *body) {
  if (body != NULL)
    body->type->free(body->source);
  free(body);
}

uint64_t body_version(const body_t *body) { return body->version; }

static void next_piece(body_t *body) {
  body->piece = body->type->next(body->source);
  body->given = 0;
  body->ended = body->piece == NULL;
  body->failed = body->piece != NULL && buffer_status(body->piece) != STATUS_OK;
}

ssize_t body_read(body_t *body, char *bytes, size_t size) {
  size_t read = 0, pieces = 0;
  while (read < size && !body->ended && !body->failed) {
    size_t left = body->piece != NULL ? body->piece->length - body->given : 0;
    if (left == 0 && read > 0 && pieces++ == PIECES_MAX)
      break;
    if (left == 0) {
      next_piece(body);
      continue;
    }
    size_t length = left < size - read ? left : size - read;
    memcpy(bytes + read, body->piece->data + body->given, length);
    body->given += length;
    read += length;
  }
  return body->failed ? -1 : (ssize_t)read;
}
