/* SPDX-License-Identifier: MIT */
#include "gzip.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8, PLAIN_BYTES = 16 * 1024 };

typedef struct {
  body_t *plain;
  z_stream stream;
  buffer_t piece;
  bool ended; /* zlib has written its end */
  char read[PLAIN_BYTES];
} gzip_t;

static void free_gzip(void *source) {
  gzip_t *gzip = source;
  (void)deflateEnd(&gzip->stream);
  body_free(gzip->plain);
  buffer_done(&gzip->piece);
  free(gzip);
}

/* Compresses what stands in `read`. Z_FINISH writes the end. */
static void compress_read(gzip_t *gzip, size_t length, int flush) {
  z_stream *stream = &gzip->stream;
  stream->next_in = (unsigned char *)gzip->read;
  stream->avail_in = (uInt)length;
  int result;
  do {
    if (!buffer_reserve(&gzip->piece, PLAIN_BYTES))
      return;
    stream->next_out = (unsigned char *)gzip->piece.data + gzip->piece.length;
    stream->avail_out = PLAIN_BYTES;
    result = deflate(stream, flush);
    gzip->piece.length += PLAIN_BYTES - stream->avail_out;
  } while (stream->avail_out == 0 && result == Z_OK);
  gzip->ended = result == Z_STREAM_END;
  if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
    buffer_fail(&gzip->piece, STATUS_NO_MEMORY);
}

static const buffer_t *next_piece(void *source) {
  gzip_t *gzip = source;
  if (gzip->ended)
    return NULL;
  buffer_clear(&gzip->piece);
  ssize_t length = body_read(gzip->plain, gzip->read, sizeof(gzip->read));
  if (length < 0)
    buffer_fail(&gzip->piece, STATUS_CLOSED);
  else
    compress_read(gzip, (size_t)length, length == 0 ? Z_FINISH : Z_NO_FLUSH);
  return &gzip->piece;
}

static const body_type_t gzip_type = {.next = next_piece, .free = free_gzip};

body_t *gzip_new(body_t *plain) {
  gzip_t *gzip = calloc(1, sizeof(*gzip));
  /* The fastest level: most readers are on this host, and a smaller answer is not worth more of collectd's time. */
  if (gzip == NULL ||
      deflateInit2(&gzip->stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
    free(gzip);
    return NULL;
  }
  gzip->piece = (buffer_t)BUFFER_INIT(SIZE_MAX);
  body_t *body = body_new(&gzip_type, gzip, body_version(plain));
  if (body != NULL)
    gzip->plain = plain;
  else
    free_gzip(gzip);
  return body;
}
