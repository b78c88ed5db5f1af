/* SPDX-License-Identifier: MIT */
#include "secret_options.h"

#include "common/secret_file.h"

#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>

void secret_options_done(secret_options_t *options) {
  sfree(options->token);
  sfree(options->token_file);
  sfree(options->user);
  sfree(options->password);
}

secrets_t secret_options_secrets(const secret_options_t *options) {
  return (secrets_t){.token = options->token, .user = options->user, .password = options->password};
}

static bool take_token(secret_options_t *options, const char *consequence) {
  char token[SECRET_MAX + 1];
  failure_t failure = {0};
  if (options->token_file == NULL)
    return true;
  if (secret_file_read("TokenFile", options->token_file, token, &failure) != STATUS_OK) {
    ERROR("write_mediasoup: %s: %s, so %s; %s", options->block, failure.cause, consequence,
          status_remedy(failure.status));
    return false;
  }
  sfree(options->token);
  options->token = strdup(token);
  return options->token != NULL;
}

bool secret_options_take(secret_options_t *options, const char *consequence) {
  if (!options->is_given)
    return true;
  if (!take_token(options, consequence))
    return false;
  const secrets_t secrets = secret_options_secrets(options);
  if (auth_has_secret(&secrets))
    return true;
  ERROR("write_mediasoup: %s has neither Token nor TokenFile nor User and Password, so %s; add one of them",
        options->block, consequence);
  return false;
}
