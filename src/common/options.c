/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "limits.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const option_t endpoint_options[ENDPOINT_OPTIONS] = {
    [ENDPOINT_SOCKET] = {"Socket", "path", "`" DEFAULT_SOCKET "`", 0,
                         "the endpoint's Unix socket. A glob stands for several applications: it is looked up again at "
                         "each interval, and rows whose ids may repeat say `process=0`, `process=1` and so on"},
    [ENDPOINT_URL] = {"URL", "url", NULL, 0,
                      "instead of `Socket`, for example `http://127.0.0.1:4443`, or `https://sfu.example.org:4443` for "
                      "an application on another host"},
    [ENDPOINT_CA_CERT] = {"CACert", "path", "the system's", 0,
                          "a file in PEM with the certificates of the authorities that are trusted, or with the "
                          "endpoint's own one, for a `URL` with `https://`"},
    [ENDPOINT_VERIFY_PEER] = {"VerifyPeer", "true|false", "true", 0,
                              "whether an authority that is trusted must have signed the endpoint's certificate. With "
                              "`false` anybody on the way can pass for the endpoint and take the token"},
    [ENDPOINT_VERIFY_HOST] = {"VerifyHost", "true|false", "true", 0,
                              "whether the certificate must be for the name in `URL`"},
    [ENDPOINT_TOKEN_FILE] = {"TokenFile", "path", NULL, 0,
                             "a file whose first line is the secret that the application gives to `serve({ token })`. "
                             "It is sent in the header `Authorization: Bearer SECRET`, and read anew at each reading. "
                             "Only collectd's user should be able to read it"},
    [ENDPOINT_HOST] = {"Host", "name", "collectd's `Hostname`", 0, "the host of the value lists"},
    [ENDPOINT_INTERVAL] = {"Interval", "seconds", "the plugin's", 0, "seconds between readings"},
    [ENDPOINT_TIMEOUT] = {"Timeout", "seconds", NULL, DEFAULT_TIMEOUT_SECONDS,
                          "seconds that a whole answer may take. Keep it well above the 2.5 s for which the "
                          "endpoint asks a worker"},
    [ENDPOINT_APP_DATA] = {"AppData", "key ...", "every scalar", 0,
                           "the keys of appData that make `plugin_instance`, in this order. Name the ones you need, as "
                           "the shipped configuration does with `roomId` and `peerId`. Without a list, a long value "
                           "can displace the values after it"},
    [ENDPOINT_ROWS] = {"Rows", "class ...", "all", 0,
                       "the classes to read: `usage` `workers` `routers` `transports` `producers` `consumers` "
                       "`data_producers` `data_consumers`. The worker is never asked for a class that is left out, and "
                       "the sums do not count it"},
    [ENDPOINT_PLUGIN_INSTANCE] = {"PluginInstance", "template", NULL, 0,
                                  "a template instead of `AppData`, for example `\"%{appData:roomId}\"`"},
    [ENDPOINT_TYPE_INSTANCE] = {"TypeInstance", "template", NULL, 0,
                                "a template for what the object is, for example `\"%{kind}\"`. A template without "
                                "`%{id}` gets one at its end, so that no two objects share a name"},
    [ENDPOINT_MAX_OBJECTS] = {"MaxObjects", "number", NULL, OBJECTS_DEFAULT_MAX,
                              "how many objects have a row of their own, first come, first served. The sums and "
                              "`objects_skipped` count the rest"},
    [ENDPOINT_METADATA] = {"Metadata", "changes|always", "`changes`", 0,
                           "when rows carry metadata. Choose `always` on hosts that forward their rows"},
    [ENDPOINT_DISTRIBUTIONS] =
        {"Distributions", "true|false", "false", 0,
         "histograms of the streams' scores, losses, round trip times and jitter, and of how long WebRTC "
         "transports took to connect"},
    [ENDPOINT_WORST] = {"Worst", "number", "0", 0,
                        "how many of the worst producers' streams, and of the worst consumers' streams, are reported "
                        "by rank"},
    [ENDPOINT_ROOM_KEYS] =
        {"RoomKeys", "key ...", "`roomId` `room_id` `roomName` `room`", 0,
         "the keys of appData that may name the room. Where `By` or `AppData` has the first of them, "
         "groups and rows are named by the first that the object has, or an object above it; by "
         "the router's id where it has none, since in most applications a router is a room. Keep "
         "`roomId` as the first, which labels and dashboards have: `RoomKeys \"roomId\" "
         "\"meetingId\"`"},
    [ENDPOINT_PARTICIPANT_KEYS] = {"ParticipantKeys", "key ...", "`peerId` `peer_id` `userId` `participantId`", 0,
                                   "the same for the participant, but without the router's id"},
};

static const option_t group_options[GROUP_OPTIONS] = {
    [GROUP_BY] = {"By", "key ...", "one group of all", 0,
                  "what the members of a group have in common: keys of appData, `kind`, `mimeType`, `transportType`. "
                  "Write `appData:kind` for a key of appData that has the name of an attribute, "
                  "and `appData:roomId` for that very key, without the other `RoomKeys`"},
    [GROUP_OF] = {"Of", "class ...", "`producers` `consumers`", 0,
                  "the classes to group: `producers` `consumers` `transports`. A stream that is piped to another "
                  "router of the same application would count twice, so it is left out unless `By` names "
                  "`transportType`"},
    [GROUP_MAX_GROUPS] = {"MaxGroups", "number", NULL, GROUPS_DEFAULT_MAX,
                          "how many groups have series of their own. The others are summed up in one group "
                          "`__other__` and counted in `groups_other`; each of them stays there until it is empty. An "
                          "empty group is kept for ten minutes"},
};

static const option_t views_options[VIEWS_OPTIONS] = {
    [VIEWS_LISTEN] = {"Listen", "address", "`" DEFAULT_LISTEN "`", 0,
                      "the address to listen on. Rows name rooms and participants: before you choose another address, "
                      "let `<Readers>` "
                      "say who may read, and use `CertificateFile`, or put a proxy with a login in front of it"},
    [VIEWS_PORT] = {"Port", "number", NULL, DEFAULT_PORT, "the TCP port"},
    [VIEWS_ALLOWED_HOST] = {"AllowedHost", "name ...", "`localhost` and IP addresses", 0,
                            "further names that requests may call this server by in their header `Host`, for example "
                            "the one that a proxy passes on. Other names are refused, so that no web page from "
                            "elsewhere can read the views"},
    [VIEWS_CERTIFICATE_FILE] = {"CertificateFile", "path", NULL, 0,
                                "with `CertificateKeyFile`: the views are served over HTTPS. A file in PEM with the "
                                "server's certificate and those between it and its authority; read when collectd "
                                "starts"},
    [VIEWS_CERTIFICATE_KEY_FILE] = {"CertificateKeyFile", "path", NULL, 0,
                                    "the key of the certificate in PEM, without a passphrase. Only collectd's user "
                                    "should be able to read it"},
    [VIEWS_SOCKET] = {"Socket", "path", NULL, 0, "a Unix socket instead of `Listen` and `Port`"},
    [VIEWS_SOCKET_OWNER] = {"SocketOwner", "user", "collectd's user", 0, "the owner of the socket's file"},
    [VIEWS_SOCKET_GROUP] = {"SocketGroup", "group", "collectd's group", 0,
                            "the group of the socket's file, for example the web server's"},
    [VIEWS_SOCKET_PERMS] = {"SocketPerms", "mode", "`0660`", 0, "the mode of the socket's file, an octal number"},
    [VIEWS_MAX_OBJECTS] = {"MaxObjects", "number", NULL, VIEWS_OBJECTS_DEFAULT_MAX,
                           "how many objects of all hosts together have a row in the views"},
    [VIEWS_HISTORY] = {"History", "number", NULL, DEFAULT_HISTORY_SECONDS,
                       "for how many seconds the figures of endpoints, workers, groups and participants are kept, "
                       "which `/history` shows. With `0` none are"},
    [VIEWS_HISTORY_MEMORY] = {"HistoryMemory", "number", NULL, DEFAULT_HISTORY_MEMORY,
                              "how many MiB of memory they may take. When that is full, the oldest go first, which the "
                              "log and `/healthz` say"},
    [VIEWS_NOTIFICATIONS] = {"Notifications", "kind ...", "the first four of them", 0,
                             "the kinds of events that are collectd notifications, too: `worker_died` "
                             "`application_restarted` `endpoint_down` `endpoint_up` `room_bad` `room_good` "
                             "`participant_bad` `participant_good` `participant_lost`; or `all`, or `none`"},
};

static const option_t readers_options[READERS_OPTIONS] = {
    [READERS_TOKEN] = {"Token", "text", NULL, 0,
                       "the secret that readers send in the header `Authorization: Bearer SECRET`"},
    [READERS_TOKEN_FILE] = {"TokenFile", "path", NULL, 0,
                            "a file whose first line is that secret, instead of `Token`; read when collectd starts"},
    [READERS_USER] = {"User", "name", NULL, 0,
                      "with `Password`: what readers log in with, instead of a token or besides it. Browsers ask "
                      "people for it"},
    [READERS_PASSWORD] = {"Password", "text", NULL, 0, "the password of `User`"},
};

static const option_t receive_options[RECEIVE_OPTIONS] = {
    [RECEIVE_PATH] = {"Path", "path", "`" DEFAULT_RECEIVE_PATH "`", 0, "the path that other hosts post to"},
    [RECEIVE_TOKEN] = {"Token", "text", NULL, 0,
                       "the secret that they send in the header `Authorization: Bearer SECRET`"},
    [RECEIVE_TOKEN_FILE] = {"TokenFile", "path", NULL, 0,
                            "a file whose first line is that secret, instead of `Token`; read when collectd starts"},
    [RECEIVE_USER] = {"User", "name", NULL, 0,
                      "with `Password`: what they log in with, instead of a token or besides it"},
    [RECEIVE_PASSWORD] = {"Password", "text", NULL, 0, "the password of `User`"},
};

const option_block_t option_blocks[OPTIONS_OF_COUNT] = {
    [OPTIONS_OF_ENDPOINT] = {"endpoint-options", "<Endpoint \"name\">", endpoint_options, ENDPOINT_OPTIONS},
    [OPTIONS_OF_GROUP] = {"group-options", "<Group \"name\">", group_options, GROUP_OPTIONS},
    [OPTIONS_OF_VIEWS] = {"views-options", "<Plugin write_mediasoup>", views_options, VIEWS_OPTIONS},
    [OPTIONS_OF_READERS] = {"readers-options", "<Readers>", readers_options, READERS_OPTIONS},
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
