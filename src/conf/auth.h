/* SPDX-License-Identifier: MIT */
/*
 * The credentials folder (--auth DIR): any of ca.crt, kafka.keystore.pkcs12 and
 * client-ssl.properties, the Java client's names in the last turned into struct
 * credentials. Stores are found and told apart by their first bytes, not opened.
 */
#ifndef CONF_AUTH_H
#define CONF_AUTH_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strings.h"
#include "model/credentials.h"

struct auth_request {
	const char *folder;
	const char *password;      /* EXPTOP_KEYSTORE_PASSWORD; NULL: not set */
	const char *password_file; /* --auth-password-file; NULL: none */

	/* Ask the user for the password of FILE; false when he cannot or will not. NULL: nobody to ask. */
	bool (*prompt)(void *ctx, const char *file, struct buf *password);
	void *ctx;
};

/* A keystore's password is looked for in the properties, then in the request, in
 * its order. What the properties say and cannot be used is a sentence in WARNINGS
 * each. C must be empty; it holds what was read also where the folder is refused. */
bool auth_read(struct credentials *c, const struct auth_request *r, struct strings *warnings, struct err *err);

#endif
