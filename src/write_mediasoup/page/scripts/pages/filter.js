// SPDX-License-Identifier: MIT
'use strict';

// The filter of the header, which the lists of every page obey.

const filterInput = byId('filter');

const filterWords = () => filterInput.value.toLowerCase().split(/\s+/).filter(Boolean);
const hasWords = (searchText, words) => words.every((word) => searchText.includes(word));

// A stream is found by its room's words, too.
function streamsThatMatch(room, words) {
  return room.streams.filter((stream) => hasWords(`${stream.searchText}\n${room.searchText}`, words));
}

// What stands beside the caption of an empty list.
const emptyListNote = () => (filterInput.value.trim() ? 'none matches the filter' : 'none');
