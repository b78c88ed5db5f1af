/* SPDX-License-Identifier: MIT */
/* The first line of a file as a secret, and what is said of other files. */
#include "common/secret_file.h"
#include "support/server.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void path_of(const char *name, char *path, size_t size) { (void)snprintf(path, size, "%s/%s", folder, name); }

static void write_file(const char *path, const char *text, size_t length) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

static void assert_fails(const char *path, const char *cause) {
  char secret[SECRET_MAX + 1] = "untouched";
  failure_t failure = {0};
  assert_int_equal(secret_file_read("TokenFile", path, secret, &failure), STATUS_SECRET);
  assert_int_equal(failure.status, STATUS_SECRET);
  assert_string_equal(failure.cause, cause);
  assert_string_equal(secret, "untouched");
}

typedef struct {
  const char *name;
  const char *text;
  const char *secret; /* NULL: it is refused */
} line_case_t;

static const line_case_t line_cases[] = {
    {"a line", "s3cret!~\n", "s3cret!~"},
    {"a line that does not end", "s3cret", "s3cret"},
    {"a line from Windows", "s3cret\r\n", "s3cret"},
    {"white space around it", " \ts3cret \t\n", "s3cret"},
    {"a second line", "first\nsecond\n", "first"},
    {"an empty file", "", NULL},
    {"an empty line", "\ns3cret\n", NULL},
    {"two words", "s3 cret\n", NULL},
    {"a character that is not ASCII",
     "s\xc3\xa9"
     "cret\n",
     NULL},
    {"a control character", "s\033cret\n", NULL},
};

static void reads_line(void **state) {
  const line_case_t *one = *state;
  char path[100], secret[SECRET_MAX + 1], cause[200];
  failure_t failure = {0};
  path_of("line", path, sizeof(path));
  write_file(path, one->text, strlen(one->text));
  if (one->secret != NULL) {
    assert_int_equal(secret_file_read("TokenFile", path, secret, &failure), STATUS_OK);
    assert_string_equal(secret, one->secret);
    return;
  }
  (void)snprintf(cause, sizeof(cause), "TokenFile: the first line of %s is not 1 to 1024 visible ASCII characters",
                 path);
  assert_fails(path, cause);
}

static void is_bounded(void **state) {
  (void)state;
  char path[100], text[2 * SECRET_MAX], secret[SECRET_MAX + 1], cause[200];
  memset(text, 'x', sizeof(text));
  path_of("long", path, sizeof(path));
  (void)snprintf(cause, sizeof(cause), "TokenFile: the first line of %s is not 1 to 1024 visible ASCII characters",
                 path);
  write_file(path, text, SECRET_MAX);
  assert_int_equal(secret_file_read("TokenFile", path, secret, NULL), STATUS_OK);
  assert_int_equal(strlen(secret), SECRET_MAX);
  write_file(path, text, SECRET_MAX + 1);
  assert_fails(path, cause);
  write_file(path, text, sizeof(text));
  assert_fails(path, cause);
}

static void other_files_are_refused(void **state) {
  (void)state;
  char path[100], cause[200];
  path_of("none", path, sizeof(path));
  (void)snprintf(cause, sizeof(cause), "TokenFile: cannot read %s: No such file or directory", path);
  assert_fails(path, cause);
  (void)snprintf(cause, sizeof(cause), "TokenFile: cannot read %s: Is a directory", folder);
  assert_fails(folder, cause);
  path_of("pipe", path, sizeof(path)); /* nobody writes into it, and nobody is waited for */
  assert_int_equal(mkfifo(path, 0600), 0);
  (void)snprintf(cause, sizeof(cause), "TokenFile: the first line of %s is not 1 to 1024 visible ASCII characters",
                 path);
  assert_fails(path, cause);
}

int main(void) {
  server_folder_make(folder);
  TEST_CASES(reads_line, line_cases);
  TEST(is_bounded);
  TEST(other_files_are_refused);
  int failed = tests_run("secret_file");
  server_folder_remove(folder);
  return failed;
}
