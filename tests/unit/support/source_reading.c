/* SPDX-License-Identifier: MIT */
#include "source_reading.h"

#include "chain.h"
#include "server.h"

#include <stdlib.h>

source_t *source_reading(const char *folder, const char *rows) {
  buffer_t answer = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char *text = snapshot(rows);
  buffer_append_text(&answer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  buffer_append_text(&answer, text);
  server_t server = {.answer = buffer_text(&answer)};
  server_start(&server, folder, "source.sock");
  source_t *source = NULL;
  assert_int_equal(source_new(&(source_options_t){.socket = server.path,
                                                  .timeout_milliseconds = 2000,
                                                  .classes = ALL_CLASSES,
                                                  .max_objects = OBJECTS_MAX,
                                                  .naming = {.endpoint = "sfu", .process = -1}},
                              &source, NULL),
                   STATUS_OK);
  source_read_all(&source, 1, NULL);
  server_stop(&server);
  buffer_done(&answer);
  free(text);
  return source;
}
