/* SPDX-License-Identifier: MIT */
/*
 * How people would judge the sound of a stream: a mean opinion score from 1 (bad) to 4.5, estimated by the E-model of
 * ITU-T G.107, reduced to what RTCP tells. It is an estimate: nobody listens, and it knows one way of the two.
 */
#ifndef COLLECTD_MEDIASOUP_MOS_H
#define COLLECTD_MEDIASOUP_MOS_H

/* What the model has to know of a codec. */
typedef struct mos_codec {
  const char *mime_type;
  double impairment;         /* Ie: what the codec itself spoils */
  double loss_robustness;    /* Bpl: how well it stands the loss of single packets */
  double delay_milliseconds; /* a packet and the look-ahead */
} mos_codec_t;

/* The codec of this type, or NULL where the model knows none such. `mime_type` may be NULL. Static. */
const mos_codec_t *mos_codec(const char *mime_type);

/* To two digits; NaN where the loss is unknown. An unknown round trip time or jitter, in seconds, counts as 0. */
double mos_estimate(const mos_codec_t *codec, double loss_ratio, double round_trip_time, double jitter);

#endif
