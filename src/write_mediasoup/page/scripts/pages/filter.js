// SPDX-License-Identifier: MIT
'use strict';

// The filter in the header, which applies to the lists of rooms and streams.

const filterInput = byId('filter');

const filterWords = () => filterInput.value.toLowerCase().split(/\s+/).filter(Boolean);
const hasWords = (searchText, words) => words.every((word) => searchText.includes(word));

// A stream also matches by the words of its room.
function streamsThatMatch(room, words) {
  return room.streams.filter((stream) => hasWords(`${stream.searchText}\n${room.searchText}`, words));
}

const participantsThatMatch = (participants, words) => participants.filter(({ searchText }) => hasWords(searchText, words));

// The text beside the caption of an empty list.
const emptyListNote = () => (filterInput.value.trim() ? 'none match the filter' : 'none');
