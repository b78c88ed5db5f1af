/* SPDX-License-Identifier: MIT */
/*
 * Runs the fuzzer's inputs, those of the folder $CORPUS, through what it tests, with any compiler. Each that does not
 * crash is a test passed.
 */
#include "fuzz_snapshot.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20 };

static uint8_t input[INPUT_MAX];

static int run(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return 0;
  size_t size = fread(input, 1, sizeof(input), file);
  (void)fclose(file);
  (void)LLVMFuzzerTestOneInput(input, size);
  return 1;
}

int main(void) {
  char pattern[4096];
  glob_t inputs = {0};
  int failed = 0;
  (void)snprintf(pattern, sizeof(pattern), "%s/*", getenv("CORPUS") != NULL ? getenv("CORPUS") : ".");
  if (glob(pattern, 0, NULL, &inputs) != 0) {
    printf("1..1\nnot ok 1 - there is no input in %s\n", pattern);
    return 1;
  }
  printf("1..%zu\n", inputs.gl_pathc);
  for (size_t i = 0; i < inputs.gl_pathc; i++) {
    int passed = run(inputs.gl_pathv[i]);
    failed += !passed;
    printf("%sok %zu - %s\n", passed ? "" : "not ", i + 1, strrchr(inputs.gl_pathv[i], '/') + 1);
    (void)fflush(stdout);
  }
  globfree(&inputs);
  return failed > 0;
}
