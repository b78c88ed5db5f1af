// SPDX-License-Identifier: MIT
'use strict';

// The part of the address after `#` names what the page shows:
//   #/                                           the overview
//   #/room/HOST/roomId/NAME                      a room by its name
//   #/room/HOST/router/ROUTERID                  a room without a name
//   #/participant/HOST/roomId/NAME/PARTICIPANT   a participant of such a room
//   #/stream/producers|consumers/ID              a stream
// Behind a `?` stand the moment that it shows, in epoch ms, and the words of the filter: #/?at=1764127000000&filter=bob

const encodePart = (part) => encodeURIComponent(clean(part ?? ''));
const roomHref = (host, by, name) => `#/room/${[host, by, name].map(encodePart).join('/')}`;
const participantHref = (host, by, room, name) => `#/participant/${[host, by, room, name].map(encodePart).join('/')}`;
const streamHref = (view, id) => `#/stream/${view}/${encodePart(id)}`;

function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// Splits the address: [path, URLSearchParams].
function splitAddress() {
  const [path, ...query] = location.hash.split('?');
  return [path, new URLSearchParams(query.join('?'))];
}

// Returns the moment that the address names, or undefined for now.
function addressedTime() {
  const at = Number(splitAddress()[1].get('at'));
  return at > 0 && at < 8.64e15 ? at : undefined;
}

const addressedFilter = () => splitAddress()[1].get('filter') ?? '';

function hrefWith(path, at, filter) {
  const query = new URLSearchParams({ ...at && { at: String(at) }, ...filter && { filter } }).toString();
  return query ? `${path}?${query}` : path;
}

// `path` at the moment that the address names: a link within the page leads to another thing at the same moment, unless it names one.
const hrefNow = (path) => (path.includes('?') ? path : hrefWith(path, addressedTime(), ''));

// The address of what is shown, at another moment or with another filter.
const addressWith = (at, filter) => hrefWith(splitAddress()[0] || '#/', at, filter);

// Returns what the address names: {name, args}, and for a stream also {view, id}.
function currentRoute() {
  const [, name, ...parts] = splitAddress()[0].split('/');
  const [first = '', second = '', ...rest] = parts.map(decodePart);
  if (name === 'room' && rest.length) return { name, args: [first, second, rest.join('/')] };
  if (name === 'participant' && rest.length > 1) return { name, args: [first, second, rest[0], rest.slice(1).join('/')] };
  if (name === 'stream' && STREAM_VIEWS.includes(first) && second) {
    return { name, args: [first, second], view: first, id: second };
  }
  return { name: 'overview', args: [] };
}
