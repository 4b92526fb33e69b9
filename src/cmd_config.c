/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "conf/listing.h"

#include <stdio.h>

int
cmd_config(const struct options *o)
{
	struct buf listing = {0};

	listing_print(&listing, o);
	fputs(buf_cstr(&listing), stdout);
	buf_free(&listing);
	return EXIT_DONE;
}
