/* SPDX-License-Identifier: MIT */
#include "routes.h"

#include "write_mediasoup/metrics/metrics.h"
#include "write_mediasoup/page/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HTTP_OK = 200, HTTP_BAD_REQUEST = 400, HTTP_NOT_FOUND = 404, HTTP_INTERNAL_ERROR = 500 };

void answer_error(answer_t *answer, unsigned status, const char *format, ...) {
  va_list arguments;
  *answer = (answer_t){.status = status, .content_type = "application/json"};
  va_start(arguments, format);
  (void)vsnprintf(answer->error, sizeof(answer->error), format, arguments);
  va_end(arguments);
}

static void answer_text(answer_t *answer, const char *content_type, const char *text, size_t length) {
  *answer = (answer_t){.status = HTTP_OK, .content_type = content_type, .text = text, .text_length = length};
}

static void answer_not_found(answer_t *answer, const char *path) {
  answer_error(answer, HTTP_NOT_FOUND, "there is no %.100s; there are", path);
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    size_t length = strlen(answer->error);
    (void)snprintf(answer->error + length, sizeof(answer->error) - length, " /%s", classes[i].name);
  }
  strncat(answer->error, ", each also with /<id>, /metrics, / and /healthz",
          sizeof(answer->error) - strlen(answer->error) - 1);
}

void asking_begin(asking_t *asking, const char *path, const char *accept) {
  *asking = (asking_t){0};
  if (strcmp(path, "/") == 0) {
    answer_text(&asking->answer, "text/html; charset=utf-8", (const char *)page_html, page_html_length);
    asking->answer.is_page = true;
    return;
  }
  if (strcmp(path, "/healthz") == 0) {
    asking->is_health = true;
    return;
  }
  if (strcmp(path, "/metrics") == 0) {
    asking->is_scrape = true;
    scrape_accept(&asking->scrape, accept);
    return;
  }
  const char *name = path + (path[0] == '/' ? 1 : 0);
  size_t length = strcspn(name, "/");
  asking->class = class_by_name(name, length);
  if (asking->class != NULL && name[length] == '/' && name[length + 1] != '\0')
    asking->query.id = name + length + 1;
  if (asking->class == NULL || (name[length] == '/' && asking->query.id == NULL))
    answer_not_found(&asking->answer, path);
}

void asking_add(asking_t *asking, const char *key, const char *value) {
  failure_t failure = {0};
  if (asking->answer.status != 0 || (asking->class == NULL && !asking->is_scrape))
    return;
  status_t status = asking->is_scrape ? scrape_add(&asking->scrape, key, value, &failure)
                                      : query_add(&asking->query, asking->class, key, value, &failure);
  if (status != STATUS_OK)
    answer_error(&asking->answer, HTTP_BAD_REQUEST, "%s", failure.cause);
}

static void answer_scrape(answer_t *answer, store_t *store, const scrape_t *scrape, double now) {
  failure_t failure = {0};
  view_t *view;
  status_t status = scrape_check(scrape, &failure);
  if (status == STATUS_OK)
    status = metrics_new(store, scrape, now, &view, &failure);
  if (status == STATUS_OK)
    *answer = (answer_t){.status = HTTP_OK, .content_type = exposition_type(&scrape->exposition), .view = view};
  else
    answer_error(answer, status == STATUS_QUERY ? HTTP_BAD_REQUEST : HTTP_INTERNAL_ERROR, "%s", failure.cause);
  answer->by_accept = true;
}

static void answer_health(answer_t *answer, store_t *store) {
  store_usage_t usage = store_usage(store);
  *answer = (answer_t){.status = HTTP_OK, .content_type = "application/json"};
  (void)snprintf(answer->made, sizeof(answer->made),
                 "{\"status\":\"ok\",\"objects\":%zu,\"maxObjects\":%zu,\"skipped\":%" PRIu64 "}\n", usage.objects,
                 usage.max_objects, usage.skipped);
}

void asking_end(asking_t *asking, store_t *store, double now) {
  failure_t failure = {0};
  view_t *view;
  if (asking->answer.status != 0)
    return;
  if (asking->is_scrape) {
    answer_scrape(&asking->answer, store, &asking->scrape, now);
    return;
  }
  if (asking->is_health) {
    answer_health(&asking->answer, store);
    return;
  }
  status_t status = view_new(store, asking->class, &asking->query, now, &view, &failure);
  if (status == STATUS_OK)
    asking->answer = (answer_t){.status = HTTP_OK, .content_type = "application/json", .view = view};
  else
    answer_error(&asking->answer, status == STATUS_NOT_FOUND ? HTTP_NOT_FOUND : HTTP_INTERNAL_ERROR, "%s",
                 failure.cause);
}
