// SPDX-License-Identifier: MIT
// What mediasoup-worker 3.14 uses of libsrtp besides libsrtp2-as-3.hpp: an early libsrtp 3 still works in place, and
// counts bytes in size_t.
#pragma once

#include "libsrtp2-as-3.hpp"

inline srtp_err_status_t srtp_in_place(SrtpInPlace convert, srtp_t session, void* packet, size_t* length)
{
	int len                        = static_cast<int>(*length);
	const srtp_err_status_t status = convert(session, packet, &len);

	*length = static_cast<size_t>(len);

	return status;
}

inline srtp_err_status_t srtp_protect(srtp_t session, void* packet, size_t* length)
{
	return srtp_in_place(srtp_protect, session, packet, length);
}

inline srtp_err_status_t srtp_unprotect(srtp_t session, void* packet, size_t* length)
{
	return srtp_in_place(srtp_unprotect, session, packet, length);
}

inline srtp_err_status_t srtp_protect_rtcp(srtp_t session, void* packet, size_t* length)
{
	return srtp_in_place(srtp_protect_rtcp, session, packet, length);
}

inline srtp_err_status_t srtp_unprotect_rtcp(srtp_t session, void* packet, size_t* length)
{
	return srtp_in_place(srtp_unprotect_rtcp, session, packet, length);
}
