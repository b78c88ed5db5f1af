/* SPDX-License-Identifier: MIT */
/*
 * An answer before it is sent: its status, its bytes and its headers. Knows HTTP's words, not its transport.
 */
#ifndef COLLECTD_MEDIASOUP_ANSWER_H
#define COLLECTD_MEDIASOUP_ANSWER_H

#include "common/status.h"
#include "write_mediasoup/body.h"

#include <stddef.h>

enum {
  HTTP_OK = 200,
  HTTP_NOT_MODIFIED = 304,
  HTTP_BAD_REQUEST = 400,
  HTTP_UNAUTHORIZED = 401,
  HTTP_FORBIDDEN = 403,
  HTTP_NOT_FOUND = 404,
  HTTP_METHOD_NOT_ALLOWED = 405,
  HTTP_CONTENT_TOO_LARGE = 413,
  HTTP_HEADERS_TOO_LARGE = 431,
  HTTP_INTERNAL_ERROR = 500,
  HTTP_UNAVAILABLE = 503,
};

/* Its bytes are the body's or, without one, the error's, or the text's. Texts are static. */
typedef struct {
  unsigned status;
  const char *content_type;
  body_t *body;     /* the answer's until it is sent */
  char error[1000]; /* what is wrong; the bytes are then {"error": ...} */
  char made[400];   /* a text made for this answer; looked at where `text` is NULL */
  const char *text;
  size_t text_length;
  const char *header; /* the name of one more header, and its value; NULL: none */
  const char *header_value;
  const char *vary; /* the request's headers that the answer depends on; NULL: Accept-Encoding alone */
} answer_t;

/* Each makes a whole answer. */
void answer_body(answer_t *answer, const char *content_type, body_t *body);
void answer_text(answer_t *answer, const char *content_type, const char *text, size_t length);
void answer_json(answer_t *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void answer_error(answer_t *answer, unsigned status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* An error with the cause of the failure, and with HTTP's status for it. */
void answer_failure(answer_t *answer, const failure_t *failure);

#endif
