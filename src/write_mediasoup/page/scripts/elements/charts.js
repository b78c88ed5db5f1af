// SPDX-License-Identifier: MIT
'use strict';

// A small chart: a line through up to POINTS values, without axes, and marks where something happened.

const SVG = 'http://www.w3.org/2000/svg';

// Returns the `d` of a <path>. Its lower edge is 0. Its upper edge is `top`, or without it the greatest value. NaN leaves
// a gap.
function chartPath(points, top) {
  const greatest = top ?? points.reduce((most, one) => (one > most ? one : most), 0);
  let path = '', isDrawing = false;
  points.forEach((value, i) => {
    if (Number.isNaN(value)) {
      isDrawing = false;
      return;
    }
    const x = POINTS - points.length + i; // the newest is on the right
    const y = (16 - 15 * Math.min(1, greatest ? value / greatest : 0)).toFixed(1);
    path += isDrawing ? `L${x} ${y}` : `M${x - 1} ${y}H${x}`;
    isDrawing = true;
  });
  return path;
}

// Returns the `d` of a <path> with a stroke from top to bottom at each place.
const marksPath = (places) => places.map((x) => `M${x} 0V17`).join('');

// An empty chart: an <svg> with a <path> for the line, and one for marks.
function makeChart() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${POINTS} 17`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  for (const name of ['line', 'marks']) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', name);
    svg.append(path);
  }
  return svg;
}
