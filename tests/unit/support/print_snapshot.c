/* SPDX-License-Identifier: MIT */
/* print-snapshot FILE: what the plugin makes of a snapshot, as text. `make update-golden` runs it. */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  size_t length = 0;
  failure_t failure = {0};
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char *content = argc == 2 ? golden_load(argv[1], &length) : NULL;
  status_t status = STATUS_NO_SOCKET;
  if (content == NULL)
    (void)fprintf(stderr, "usage: %s SNAPSHOT.ndjson\n", argv[0]);
  else
    status = golden_print(content, length, 0, &text, &failure);
  (void)fputs(status == STATUS_OK ? buffer_text(&text) : "", stdout);
  (void)fputs(failure.cause, stderr);
  buffer_done(&text);
  free(content);
  return status == STATUS_OK ? 0 : 1;
}
