/* SPDX-License-Identifier: MIT */
#include "model/status.h"

const char *
policy_name(enum policy p)
{
	return p == POLICY_EARLIEST ? "earliest" : "latest";
}

const char *
commit_mode_name(enum commit_mode m)
{
	static const char *const names[] = {"none", "auto", "each"};

	return names[m];
}
