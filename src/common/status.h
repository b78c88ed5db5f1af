/* SPDX-License-Identifier: MIT */
/*
 * How functions of this project fail: with a status for the caller, and a cause and a remedy in words for the operator.
 * Nothing here logs. What the compiler is told about functions stands here, too.
 */
#ifndef COLLECTD_MEDIASOUP_STATUS_H
#define COLLECTD_MEDIASOUP_STATUS_H

#define MUST_CHECK __attribute__((warn_unused_result))

/* For a function that is seldom called, by one that is called for each member of each row: the compiler does not make
 * it a part of that one. */
#define SELDOM __attribute__((cold, noinline))

typedef enum {
  STATUS_OK,
  STATUS_NO_MEMORY,
  STATUS_TOO_LARGE, /* a bound of limits.h */
  STATUS_OPTION,    /* a configuration option's value */

  /* reading an endpoint */
  STATUS_NO_SOCKET,  /* no file is at the socket's path */
  STATUS_REFUSED,    /* nobody listens, or we may not connect */
  STATUS_TIMEOUT,    /* no whole answer in time */
  STATUS_CLOSED,     /* the connection ended before the answer did */
  STATUS_NOT_HTTP,   /* something else answers there */
  STATUS_HTTP,       /* an HTTP status other than 200, and than the next one */
  STATUS_REJECTED,   /* 401: the endpoint wants another token */
  STATUS_SECRET,     /* no secret can be read from its file */
  STATUS_UNTRUSTED,  /* the endpoint's certificate: its signature or its dates */
  STATUS_WRONG_NAME, /* the endpoint's certificate is for another name */
  STATUS_CA_FILE,    /* no certificates to trust can be read from their file */
  STATUS_TLS,        /* the other end does not speak TLS, or not ours */
  STATUS_SYNTAX,     /* not JSON, or not UTF-8 */
  STATUS_PROTOCOL,   /* JSON, but not as PROTOCOL.md has it */
  STATUS_VERSION,    /* another version of the protocol */
  STATUS_INCOMPLETE, /* no end row, or its counts differ */

  /* serving the views */
  STATUS_LISTEN,      /* the address cannot be listened on */
  STATUS_CERTIFICATE, /* the views' own one, or its key */
  STATUS_QUERY,       /* a parameter of a request */
  STATUS_NOT_FOUND,   /* the views have no such object */
  STATUS_COUNT
} status_t;

/* What went wrong, in the caller's memory. `cause` is one line of UTF-8 without a full stop. Initialise with {0}. */
typedef struct {
  status_t status;
  char cause[400];
} failure_t;

/* Fills `failure` (may be NULL) and returns `status`, so that `return failure_set(...)` is a whole error path.
 * Characters that would break the line become spaces, and a cause that is too long is cut at the end of a character. */
status_t failure_set(failure_t *failure, status_t status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* STATUS_NO_MEMORY with its cause. */
status_t failure_no_memory(failure_t *failure);

/* What the operator can do about `status`: a static text without a full stop, never NULL. */
const char *status_remedy(status_t status);

#endif
