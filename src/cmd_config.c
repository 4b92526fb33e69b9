/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "conf/listing.h"

#include <stdio.h>

int
cmd_config(const struct options *o)
{
	struct buf listing = {0};
	bool written;

	listing_print(&listing, o);
	written = fputs(buf_cstr(&listing), stdout) >= 0 && fflush(stdout) == 0;
	buf_free(&listing);
	if (!written)
		cmd_complain("cannot write to standard output");
	return written ? EXIT_DONE : EXIT_FAILED;
}
