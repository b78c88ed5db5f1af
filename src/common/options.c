/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "limits.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const option_t endpoint_options[ENDPOINT_OPTIONS] = {
    [ENDPOINT_SOCKET] = {"Socket", "path", "`" DEFAULT_SOCKET "`", 0,
                         "the endpoint's Unix socket. A glob stands for several applications, looked up anew at each "
                         "interval; their rows say `process=0`, `process=1`, ... where ids alone would not tell them "
                         "apart"},
    [ENDPOINT_URL] = {"URL", "url", NULL, 0, "instead of `Socket`: `http://127.0.0.1:4443`"},
    [ENDPOINT_HOST] = {"Host", "name", "collectd's `Hostname`", 0, "the host of the value lists"},
    [ENDPOINT_INTERVAL] = {"Interval", "seconds", "the plugin's", 0, "seconds between readings"},
    [ENDPOINT_TIMEOUT] = {"Timeout", "seconds", NULL, DEFAULT_TIMEOUT_SECONDS,
                          "seconds that a whole answer may take. Keep it above the endpoint's own deadline for a "
                          "worker (2 s)"},
    [ENDPOINT_APP_DATA] = {"AppData", "key ...", "every scalar", 0,
                           "keys of appData that make `plugin_instance`, in this order. Name those that you need (the "
                           "shipped configuration names `roomId` and `peerId`): of all of them, long values displace "
                           "later ones"},
    [ENDPOINT_ROWS] = {"Rows", "class ...", "all", 0,
                       "classes to read: `usage` `workers` `routers` `transports` `producers` `consumers` "
                       "`data_producers` `data_consumers`. What is left out is never asked of the worker, and does "
                       "not count in the sums"},
    [ENDPOINT_PLUGIN_INSTANCE] = {"PluginInstance", "template", NULL, 0,
                                  "a template in place of `AppData`: `\"%{appData:roomId}\"`"},
    [ENDPOINT_TYPE_INSTANCE] = {"TypeInstance", "template", NULL, 0,
                                "a template of what the object is: `\"%{kind}\"`. Without `%{id}` it gets one, so that "
                                "no two objects share a name"},
    [ENDPOINT_MAX_OBJECTS] = {"MaxObjects", "number", NULL, OBJECTS_DEFAULT_MAX,
                              "objects with a row of their own, first come first served. The rest counts in the sums "
                              "and in `objects_skipped`"},
    [ENDPOINT_METADATA] = {"Metadata", "changes|always", "`changes`", 0,
                           "`always`: with every row, for hosts that forward what they receive"},
    [ENDPOINT_DISTRIBUTIONS] = {"Distributions", "true|false", "false", 0,
                                "histograms of the streams' scores, losses, round trip times and jitter"},
    [ENDPOINT_WORST] = {"Worst", "number", "0", 0,
                        "the worst streams to be reported by rank, so many of producers and so many of consumers"},
};

static const option_t group_options[GROUP_OPTIONS] = {
    [GROUP_BY] = {"By", "key ...", "one group of all", 0,
                  "what the members of a group have in common: keys of appData, `kind`, `mimeType`, `transportType`. "
                  "`appData:kind` is a key of appData that is called like one of those"},
    [GROUP_OF] = {"Of", "class ...", "`producers` `consumers`", 0,
                  "what is grouped: `producers` `consumers` `transports`. What is piped to another router of the "
                  "application is left out, since it would count twice, unless it is grouped by `transportType`"},
    [GROUP_MAX_GROUPS] = {"MaxGroups", "number", NULL, GROUPS_DEFAULT_MAX,
                          "groups with series of their own. The rest is summed up in one group `__other__` and counted "
                          "in `groups_other`; each stays there until it has no members. A group without members stays "
                          "for ten minutes"},
};

static const option_t views_options[VIEWS_OPTIONS] = {
    [VIEWS_LISTEN] = {"Listen", "address", "`" DEFAULT_LISTEN "`", 0,
                      "the address to serve at. Rows name rooms and participants, and nobody is asked for a password: "
                      "put a proxy that knows who may look in front of any other"},
    [VIEWS_PORT] = {"Port", "number", NULL, DEFAULT_PORT, "the TCP port"},
    [VIEWS_SOCKET] = {"Socket", "path", NULL, 0, "a Unix socket, instead of `Listen` and `Port`"},
    [VIEWS_MAX_OBJECTS] = {"MaxObjects", "number", NULL, VIEWS_OBJECTS_DEFAULT_MAX,
                           "objects of all hosts together. What is over has no row in the views"},
};

static const option_t receive_options[RECEIVE_OPTIONS] = {
    [RECEIVE_PATH] = {"Path", "path", "`" DEFAULT_RECEIVE_PATH "`", 0, "where other hosts post to"},
    [RECEIVE_TOKEN] = {"Token", "text", NULL, 0,
                       "the secret that they send in the header `Authorization: Bearer SECRET`"},
    [RECEIVE_USER] = {"User", "name", NULL, 0, "with `Password`, instead of `Token` or besides it"},
    [RECEIVE_PASSWORD] = {"Password", "text", NULL, 0, "the password of `User`"},
};

const option_block_t option_blocks[OPTIONS_OF_COUNT] = {
    [OPTIONS_OF_ENDPOINT] = {"endpoint-options", "<Endpoint \"name\">", endpoint_options, ENDPOINT_OPTIONS},
    [OPTIONS_OF_GROUP] = {"group-options", "<Group \"name\">", group_options, GROUP_OPTIONS},
    [OPTIONS_OF_VIEWS] = {"views-options", "<Plugin write_mediasoup>", views_options, VIEWS_OPTIONS},
    [OPTIONS_OF_RECEIVE] = {"receive-options", "<Receive>", receive_options, RECEIVE_OPTIONS},
};

int option_find(block_id_t block, const char *name) {
  for (size_t i = 0; i < option_blocks[block].length; i++)
    if (strcasecmp(option_blocks[block].options[i].name, name) == 0)
      return (int)i;
  return -1;
}

void option_names(block_id_t block, char *text, size_t size) {
  text[0] = '\0';
  for (size_t i = 0; i < option_blocks[block].length; i++) {
    size_t length = strlen(text);
    (void)snprintf(text + length, size - length, "%s%s", i > 0 ? ", " : "", option_blocks[block].options[i].name);
  }
}
