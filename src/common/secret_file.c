/* SPDX-License-Identifier: MIT */
#include "secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* A line of SECRET_MAX characters, its end, and white space around it. */
enum { FILE_MAX_BYTES = SECRET_MAX + 64, CAUSE_SIZE = 128 };

static bool is_visible(const char *text) {
  for (; *text != '\0'; text++)
    if (*text <= ' ' || *text > '~')
      return false;
  return true;
}

/* The first line of `text`, cut there, without white space around it. */
static const char *first_line(char *text) {
  text[strcspn(text, "\n")] = '\0';
  size_t length = strlen(text);
  while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
    text[--length] = '\0';
  return text + strspn(text, " \t");
}

/* The bytes of the file up to `size`, or -1 with errno. */
static ssize_t read_file(const char *path, char *bytes, size_t size) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return -1;
  ssize_t length = read(descriptor, bytes, size);
  int error = errno;
  (void)close(descriptor);
  errno = error;
  return length;
}

status_t secret_file_read(const char *option, const char *path, char secret[SECRET_MAX + 1], failure_t *failure) {
  char text[FILE_MAX_BYTES + 1], cause[CAUSE_SIZE];
  ssize_t length = read_file(path, text, FILE_MAX_BYTES);
  if (length < 0)
    return failure_set(failure, STATUS_SECRET, "%s: cannot read %s: %s", option, path,
                       strerror_r(errno, cause, sizeof(cause)));
  text[length] = '\0';
  const char *line = first_line(text);
  if (line[0] == '\0' || strlen(line) > SECRET_MAX || !is_visible(line))
    return failure_set(failure, STATUS_SECRET, "%s: the first line of %s is not 1 to %d visible ASCII characters",
                       option, path, SECRET_MAX);
  strcpy(secret, line);
  return STATUS_OK;
}
