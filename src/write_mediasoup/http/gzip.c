/* SPDX-License-Identifier: MIT */
#include "gzip.h"

#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8, PLAIN_BYTES = 16 * 1024 };

struct gzip {
  view_t *view;
  z_stream stream;
  bool ended;
  unsigned char plain[PLAIN_BYTES];
};

gzip_t *gzip_new(view_t *view) {
  gzip_t *gzip = calloc(1, sizeof(*gzip));
  /* The fastest level: what goes over loopback is not worth more of collectd's time. */
  if (gzip == NULL ||
      deflateInit2(&gzip->stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
    free(gzip);
    return NULL;
  }
  gzip->view = view;
  return gzip;
}

void gzip_free(gzip_t *gzip) {
  if (gzip == NULL)
    return;
  (void)deflateEnd(&gzip->stream);
  view_free(gzip->view);
  free(gzip);
}

ssize_t gzip_read(gzip_t *gzip, char *bytes, size_t size) {
  z_stream *stream = &gzip->stream;
  stream->next_out = (unsigned char *)bytes;
  stream->avail_out = (uInt)size;
  int result = Z_OK;
  while (stream->avail_out > 0 && result != Z_STREAM_END) {
    if (stream->avail_in == 0 && !gzip->ended) {
      ssize_t length = view_read(gzip->view, (char *)gzip->plain, sizeof(gzip->plain));
      if (length < 0)
        return -1;
      gzip->ended = length == 0;
      stream->next_in = gzip->plain;
      stream->avail_in = (uInt)length;
    }
    result = deflate(stream, gzip->ended ? Z_FINISH : Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      return -1;
  }
  return (ssize_t)(size - stream->avail_out);
}
