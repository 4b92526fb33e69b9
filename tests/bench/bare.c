/* SPDX-License-Identifier: MIT */
/* A consumer that looks at nothing. */
#include "peer.h"

int
main(int argc, char **argv)
{
	return peer_main(argc, argv, NULL);
}
