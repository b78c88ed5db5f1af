/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *golden_load(const char *path, size_t *length) {
  char block[4096];
  buffer_t content = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return NULL;
  buffer_append_text(&content, "");
  for (size_t taken; (taken = fread(block, 1, sizeof(block), file)) > 0;)
    buffer_append(&content, block, taken);
  if (ferror(file) != 0 || buffer_status(&content) != STATUS_OK)
    buffer_done(&content);
  (void)fclose(file);
  *length = content.length;
  return content.data;
}

status_t golden_print(const char *text, size_t length, size_t chunk, buffer_t *printed, failure_t *failure) {
  chain_t chain;
  chain_init(&chain);
  chain.chunk = chunk;
  status_t status = chain_read_text(&chain, text, length);
  if (status == STATUS_OK)
    status = chain_read_text(&chain, text, length);
  if (status == STATUS_OK)
    chain_print(&chain, printed);
  else
    *failure = chain.failure;
  chain_done(&chain);
  return status == STATUS_OK ? buffer_status(printed) : status;
}

void assert_same_text(const char *text, const char *expected) {
  for (size_t line = 1; *text != '\0' || *expected != '\0'; line++) {
    int length = (int)strcspn(text, "\n"), expected_length = (int)strcspn(expected, "\n");
    if (length != expected_length || memcmp(text, expected, (size_t)length) != 0)
      fail_msg("line %zu is \"%.*s\" instead of \"%.*s\"", line, length, text, expected_length, expected);
    text += length + (text[length] != '\0' ? 1 : 0);
    expected += expected_length + (expected[expected_length] != '\0' ? 1 : 0);
  }
}
