/* SPDX-License-Identifier: MIT */
/* The secret key, which need not stand on the command line, where everybody sees it. */
#ifndef CONF_SECRET_H
#define CONF_SECRET_H

#include "conf/options.h"

/* Take --secret-key from the first line of --secret-key-file, where that is named by a source that is not weaker.
 * After all sources; only for verbs that use the key. */
bool secret_key_read(struct options *o, struct err *err);

#endif
