/* SPDX-License-Identifier: MIT */
#include "conf/secret.h"

#include "conf/file.h"

#include <string.h>

enum { KEY_FILE_BYTES = 4096 };

static bool
take_line(struct options *o, const char *file, enum option_source source, struct err *err)
{
	struct buf text = {0};
	bool ok = file_read(&text, file, KEY_FILE_BYTES, err);
	size_t n = ok ? strcspn(buf_cstr(&text), "\r\n") : 0;

	if (ok) {
		text.p[n] = '\0';
		ok = n > 0 ? options_set(o, OPT_SECRET_KEY, text.p, source, file, err)
			   : err_set(err, "%s is empty: the secret key is its first line", file);
	}
	if (text.p)
		explicit_bzero(text.p, text.cap);
	buf_free(&text);
	return ok;
}

bool
secret_key_read(struct options *o, struct err *err)
{
	enum option_source key = options_source(o, OPT_SECRET_KEY), file = options_source(o, OPT_SECRET_KEY_FILE);
	enum verb verb = options_verb(o);

	if (file == FROM_DEFAULT || key > file || verb == VERB_CONFIG || !option_applies(OPT_SECRET_KEY, verb))
		return true;
	if (key == file)
		return err_set(err, "%s and %s both say what the secret key is: give one of them",
			       options_origin(o, OPT_SECRET_KEY), options_origin(o, OPT_SECRET_KEY_FILE));
	return take_line(o, options_text(o, OPT_SECRET_KEY_FILE), file, err);
}
