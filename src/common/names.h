/* SPDX-License-Identifier: MIT */
/*
 * What a row's `names` say, which one plugin writes and the other reads: {"room":"red","participant":"bob"}, by
 * RoomKeys and ParticipantKeys.
 */
#ifndef COLLECTD_MEDIASOUP_NAMES_H
#define COLLECTD_MEDIASOUP_NAMES_H

#define NAMES_ROOM "room"
#define NAMES_PARTICIPANT "participant"

/* The key of appData that named it. It is told only where it is not the usual one, so that most rows carry no more. A
 * room that no key names has its router's id. */
#define NAMES_ROOM_KEY "roomKey"
#define NAMES_PARTICIPANT_KEY "participantKey"
#define NAMES_USUAL_ROOM_KEY "roomId"
#define NAMES_USUAL_PARTICIPANT_KEY "peerId"

#endif
