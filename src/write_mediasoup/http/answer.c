/* SPDX-License-Identifier: MIT */
#include "answer.h"

#include <stdarg.h>
#include <stdio.h>

static const char json_type[] = "application/json";

void answer_body(answer_t *answer, const char *content_type, body_t *body) {
  *answer = (answer_t){.status = HTTP_OK, .content_type = content_type, .body = body};
}

void answer_text(answer_t *answer, const char *content_type, const char *text, size_t length) {
  *answer = (answer_t){.status = HTTP_OK, .content_type = content_type, .text = text, .text_length = length};
}

void answer_json(answer_t *answer, const char *format, ...) {
  va_list arguments;
  *answer = (answer_t){.status = HTTP_OK, .content_type = json_type};
  va_start(arguments, format);
  (void)vsnprintf(answer->made, sizeof(answer->made), format, arguments);
  va_end(arguments);
}

void answer_error(answer_t *answer, unsigned status, const char *format, ...) {
  va_list arguments;
  *answer = (answer_t){.status = status, .content_type = json_type};
  va_start(arguments, format);
  (void)vsnprintf(answer->error, sizeof(answer->error), format, arguments);
  va_end(arguments);
}

static unsigned http_status(status_t status) {
  switch (status) {
  case STATUS_QUERY:
  case STATUS_SYNTAX:
  case STATUS_PROTOCOL:
    return HTTP_BAD_REQUEST;
  case STATUS_NOT_FOUND:
    return HTTP_NOT_FOUND;
  case STATUS_TOO_LARGE:
    return HTTP_CONTENT_TOO_LARGE;
  default:
    return HTTP_INTERNAL_ERROR;
  }
}

void answer_failure(answer_t *answer, const failure_t *failure) {
  answer_error(answer, http_status(failure->status), "%s", failure->cause);
}
