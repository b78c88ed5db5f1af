// SPDX-License-Identifier: MIT
'use strict';

// The spatial and temporal layers of one consumer, as text for its rows. mediasoup tells of changes of the
// current layers. It does not tell when the application prefers others, so those are read again in turns:
// later versions copy them whenever they are read.

const limits = require('../common/limits');

// Other types have no layers to choose from.
const LAYERED = ['simulcast', 'svc'];

let nextTurn = 0;

// Returns the text of a member, '' when these layers are unknown or there are none.
function textOf(name, layers) {
  if (typeof layers !== 'object' || layers === null) return '';
  const { spatialLayer, temporalLayer } = layers;
  if (!Number.isInteger(spatialLayer)) return '';
  const temporal = Number.isInteger(temporalLayer) ? `,"temporalLayer":${temporalLayer}` : '';
  return `,"${name}":{"spatialLayer":${spatialLayer}${temporal}}`;
}

function read(consumer, name) {
  try {
    return textOf(name, consumer[name]);
  } catch (error) {
    return '';
  }
}

class Layers {
  constructor(consumer) {
    this.consumer = consumer;
    this.current = read(consumer, 'currentLayers');
    this.preferred = read(consumer, 'preferredLayers');
    // How many more rows are made of what has been read.
    this.left = nextTurn % limits.PREFERRED_TURNS;
    nextTurn += 1;
    this.text = this.current + this.preferred;
  }

  // mediasoup says which layers are the current ones.
  change(layers) {
    this.current = textOf('currentLayers', layers);
    this.readPreferred();
  }

  readPreferred() {
    this.preferred = read(this.consumer, 'preferredLayers');
    const text = this.current + this.preferred;
    if (text !== this.text) this.text = text;
  }

  // Returns the text for a snapshot's row, the very same string as before when nothing has changed.
  turn() {
    if (this.left === 0) {
      this.left = limits.PREFERRED_TURNS;
      this.readPreferred();
    }
    this.left -= 1;
    return this.text;
  }
}

function isLayered(consumer) {
  try {
    return LAYERED.includes(consumer.type);
  } catch (error) {
    return false;
  }
}

// Follows the layers of a consumer's node, if it has any.
function watchLayers(node) {
  const { object } = node;
  if (!isLayered(object)) return;
  node.layers = new Layers(object);
  node.listen(object.observer, 'layerschange', (layers) => node.layers.change(layers));
}

module.exports = { watchLayers };
