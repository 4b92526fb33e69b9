/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a credentials folder: its three files, with a NUL after each. They are
 * opened as for a client, or there is a sentence why not.
 */
/* Words: properties.dict */
#include "fuzz.h"

#include "base/text.h"
#include "conf/auth.h"
#include "kafka/tls.h"

enum { NOW_S = 1795437330 };

static const char *const names[] = {"client-ssl.properties", "ca.crt", "kafka.keystore.pkcs12"};
enum { NAMES = sizeof(names) / sizeof(*names) };

static char folder[] = "/tmp/fuzz_auth.XXXXXX";
static char paths[NAMES][64];

static void
remove_folder(void)
{
	for (int i = 0; i < NAMES; i++)
		unlink(paths[i]);
	rmdir(folder);
}

static void
make_folder(void)
{
	require(mkdtemp(folder));
	for (int i = 0; i < NAMES; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", folder, names[i]);
	atexit(remove_folder);
}

/* An empty piece is no file. */
static void
put_file(const char *path, struct slice bytes)
{
	FILE *f;

	unlink(path);
	if (bytes.n == 0)
		return;
	f = fopen(path, "wb");
	require(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0);
}

static bool
type_password(void *ctx, const char *file, struct buf *password)
{
	require(file[0]);
	buf_str(password, "cc2023");
	return ++*(int *)ctx <= 8;
}

static void
open_stores(const struct credentials *c)
{
	struct strings notes = {0};
	struct err err = {{0}};
	struct tls tls = {0};

	if (tls_open(c, (int64_t)NOW_S * 1000, &tls, &notes, &err))
		for (size_t i = 0; i < tls.n; i++)
			require(tls.property[i].name && tls.property[i].value);
	else
		require(err.text[0]);
	tls_fini(&tls);
	strings_clear(&notes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size};
	struct credentials c = {0};
	struct strings warnings = {0};
	struct err err = {{0}};
	int asked = 0;
	const struct auth_request request = {.folder = folder, .prompt = type_password, .ctx = &asked};

	if (!paths[0][0])
		make_folder();
	for (int i = 0; i < NAMES; i++)
		put_file(paths[i], i == NAMES - 1 ? rest : fuzz_piece(&rest, '\0'));
	if (auth_read(&c, &request, &warnings, &err)) {
		require(c.protocol && c.source);
		open_stores(&c);
	} else {
		require(err.text[0]);
	}
	credentials_fini(&c);
	strings_clear(&warnings);
	return 0;
}
