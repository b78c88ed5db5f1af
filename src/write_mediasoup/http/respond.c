/* SPDX-License-Identifier: MIT */
#include "respond.h"

#include "common/clock.h"
#include "common/json.h"
#include "gzip.h"
#include "write_mediasoup/metrics/accept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A body holds its rows, and with them the memory of an interval, as long as somebody reads it. So it has an end. */
static const double answer_seconds = 120;

enum { TAG_SIZE = 32 };

const char *request_header(struct MHD_Connection *connection, const char *name) {
  const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value != NULL ? value : "";
}

/* --- bodies --- */

typedef struct {
  body_t *body;
  double end; /* in steady seconds */
} timed_body_t;

static void free_body(void *context) {
  timed_body_t *timed = context;
  body_free(timed->body);
  free(timed);
}

static ssize_t read_body(void *context, uint64_t position, char *bytes, size_t size) {
  timed_body_t *timed = context;
  (void)position;
  if (steady_seconds() > timed->end)
    return MHD_CONTENT_READER_END_WITH_ERROR;
  ssize_t length = body_read(timed->body, bytes, size);
  return length > 0 ? length : length == 0 ? MHD_CONTENT_READER_END_OF_STREAM : MHD_CONTENT_READER_END_WITH_ERROR;
}

/* Takes over the body. NULL when out of memory. */
static struct MHD_Response *make_of_body(body_t *body) {
  timed_body_t *timed = malloc(sizeof(*timed));
  if (timed == NULL) {
    body_free(body);
    return NULL;
  }
  *timed = (timed_body_t){.body = body, .end = steady_seconds() + answer_seconds};
  struct MHD_Response *response =
      MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, RESPOND_PIECE_BYTES, read_body, timed, free_body);
  if (response == NULL)
    free_body(timed);
  return response;
}

/* Takes over the body. */
static struct MHD_Response *respond_with_body(struct MHD_Connection *connection, body_t *body, bool is_head) {
  bool takes_gzip = accept_takes_gzip(request_header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING));
  body_t *compressed = takes_gzip ? gzip_new(body) : NULL;
  struct MHD_Response *response = make_of_body(compressed != NULL ? compressed : body);
  /* libmicrohttpd would send the end of a chunked body although it sends no body. So there is no length, which a body
   * of unknown length may lack, and the connection ends. */
  if (response != NULL && is_head)
    (void)MHD_set_response_options(response, MHD_RF_HTTP_VERSION_1_0_ONLY, MHD_RO_END);
  if (response != NULL && compressed != NULL)
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
  return response;
}

/* --- texts --- */

static struct MHD_Response *respond_with_error(const char *error) {
  buffer_t json = BUFFER_INIT(8 * sizeof(((answer_t *)NULL)->error));
  const char *said = json_is_utf8(error, strlen(error)) ? error : "the request is not UTF-8";
  buffer_append_text(&json, "{\"error\":");
  json_append_string(&json, said, strlen(said));
  buffer_append_text(&json, "}\n");
  struct MHD_Response *response = buffer_status(&json) == STATUS_OK
                                      ? MHD_create_response_from_buffer(json.length, json.data, MHD_RESPMEM_MUST_COPY)
                                      : NULL;
  buffer_done(&json);
  return response;
}

static struct MHD_Response *respond_with_text(const answer_t *answer) {
  if (answer->text == NULL)
    return MHD_create_response_from_buffer(strlen(answer->made), (char *)(uintptr_t)answer->made,
                                           MHD_RESPMEM_MUST_COPY);
  return MHD_create_response_from_buffer(answer->text_length, (char *)(uintptr_t)answer->text, MHD_RESPMEM_PERSISTENT);
}

/* --- headers --- */

/* Writes the tag of the body's version, and makes the answer a 304 where the client has that version. */
static void compare_tags(struct MHD_Connection *connection, answer_t *answer, char tag[TAG_SIZE]) {
  tag[0] = '\0';
  if (answer->body == NULL)
    return;
  (void)snprintf(tag, TAG_SIZE, "W/\"%016" PRIx64 "\"", body_version(answer->body));
  const char *known = request_header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
  if (strcmp(known, "*") != 0 && strstr(known, tag) == NULL)
    return;
  body_free(answer->body);
  answer->body = NULL;
  answer->status = HTTP_NOT_MODIFIED;
  answer->text = "";
}

static void add_headers(struct MHD_Response *response, const answer_t *answer, const char *tag) {
  (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->content_type);
  (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
  (void)MHD_add_response_header(response, MHD_HTTP_HEADER_VARY,
                                answer->vary != NULL ? answer->vary : MHD_HTTP_HEADER_ACCEPT_ENCODING);
  if (tag[0] != '\0')
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, tag);
  if (answer->header != NULL)
    (void)MHD_add_response_header(response, answer->header, answer->header_value);
}

enum MHD_Result respond(struct MHD_Connection *connection, answer_t *answer, bool is_head) {
  char tag[TAG_SIZE];
  compare_tags(connection, answer, tag);
  struct MHD_Response *response = answer->body != NULL       ? respond_with_body(connection, answer->body, is_head)
                                  : answer->error[0] != '\0' ? respond_with_error(answer->error)
                                                             : respond_with_text(answer);
  if (response == NULL)
    return MHD_NO;
  add_headers(response, answer, tag);
  enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
  MHD_destroy_response(response);
  return result;
}
