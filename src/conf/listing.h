/* SPDX-License-Identifier: MIT */
/*
 * What the options come to, as a configuration file that says the same: each
 * with its origin as a comment, secrets hidden, safe to print on a terminal.
 * What is not set, or may not stand in a file, is a comment.
 */
#ifndef CONF_LISTING_H
#define CONF_LISTING_H

#include "conf/options.h"

void listing_print(struct buf *out, const struct options *o);

#endif
