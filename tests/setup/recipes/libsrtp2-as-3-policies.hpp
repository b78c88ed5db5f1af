// SPDX-License-Identifier: MIT
// What mediasoup-worker 3.27 uses of libsrtp 3 besides libsrtp2-as-3.hpp, said in terms of Debian's libsrtp 2. In
// libsrtp 3 a policy is an object that is made, set and destroyed; in libsrtp 2 it is a struct that points to its key.
#pragma once

// libsrtp 2's struct gets another name, since libsrtp 3 calls the pointer to a policy so.
#define srtp_policy_t Srtp2Policy
#include <srtp.h>
#undef srtp_policy_t

#include "libsrtp2-as-3.hpp"
#include <new>

struct SrtpPolicy : Srtp2Policy
{
	uint8_t keyAndSalt[SRTP_MAX_KEY_LEN];
};

using srtp_policy_t = SrtpPolicy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	*policy = new (std::nothrow) SrtpPolicy{};

	return *policy != nullptr ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	policy->ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	const srtp_err_status_t status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->rtp, profile);

	return status == srtp_err_status_ok ? srtp_crypto_policy_set_from_profile_for_rtcp(&policy->rtcp, profile)
	                                    : status;
}

// libsrtp 2 reads the salt behind the key. The worker uses no key identifiers (MKI).
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
	if (mkiLen > 0 || keyLen + saltLen > sizeof(policy->keyAndSalt))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->keyAndSalt, key, keyLen);
	std::memcpy(policy->keyAndSalt + keyLen, salt, saltLen);
	policy->key = policy->keyAndSalt;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	policy->allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t packets)
{
	policy->window_size = packets;

	return srtp_err_status_ok;
}
