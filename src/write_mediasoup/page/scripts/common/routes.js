// SPDX-License-Identifier: MIT
'use strict';

// The part of the address after `#` names what the page shows:
//   #/                                the overview
//   #/room/HOST/roomId/NAME           a room by its name
//   #/room/HOST/router/ROUTERID       a room without a name
//   #/stream/producers|consumers/ID   a stream

const encodePart = (part) => encodeURIComponent(clean(part ?? ''));
const roomHref = (host, by, name) => `#/room/${[host, by, name].map(encodePart).join('/')}`;
const streamHref = (view, id) => `#/stream/${view}/${encodePart(id)}`;

function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// Returns what the address names: {name, args}, and for a stream also {view, id}.
function currentRoute() {
  const [, name, ...parts] = location.hash.split('/');
  const [first = '', second = '', ...rest] = parts.map(decodePart);
  if (name === 'room' && rest.length) return { name, args: [first, second, rest.join('/')] };
  if (name === 'stream' && STREAM_VIEWS.includes(first) && second) {
    return { name, args: [first, second], view: first, id: second };
  }
  return { name: 'overview', args: [] };
}
