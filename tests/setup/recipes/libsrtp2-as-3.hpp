// SPDX-License-Identifier: MIT
// What mediasoup-worker 3.19 uses of libsrtp 3, said in terms of Debian 12's libsrtp 2.5.
// libsrtp 3 reads a packet in one place and writes the result in another; libsrtp 2 works in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <srtp.h>

// libsrtp 2 itself returns neither; the worker has them in its table of error texts.
constexpr srtp_err_status_t srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
constexpr srtp_err_status_t srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

using SrtpInPlace = srtp_err_status_t (*)(srtp_t session, void* packet, int* len);

// `growth` is how much longer than the packet its result may be: `convert` cannot be told how much room it has.
inline srtp_err_status_t srtp_convert(
  SrtpInPlace convert, size_t growth, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen)
{
	if (inLen + growth > *outLen)
	{
		return srtp_err_status_buffer_small;
	}

	std::memmove(out, in, inLen);

	int len                        = static_cast<int>(inLen);
	const srtp_err_status_t status = convert(session, out, &len);

	if (status == srtp_err_status_ok)
	{
		*outLen = static_cast<size_t>(len);
	}

	return status;
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return srtp_convert(srtp_protect, SRTP_MAX_TRAILER_LEN, session, rtp, rtpLen, srtp, srtpLen);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return srtp_convert(srtp_unprotect, 0, session, srtp, srtpLen, rtp, rtpLen);
}

// Besides the trailer, a protected RTCP packet has an index of 4 bytes.
inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return srtp_convert(srtp_protect_rtcp, SRTP_MAX_TRAILER_LEN + 4, session, rtcp, rtcpLen, srtcp, srtcpLen);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return srtp_convert(srtp_unprotect_rtcp, 0, session, srtcp, srtcpLen, rtcp, rtcpLen);
}
