// SPDX-License-Identifier: MIT
/** Serves as the environment says, once the application loads mediasoup: `node --require collectd-mediasoup/register`. */
export {};
