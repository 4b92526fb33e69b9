/* SPDX-License-Identifier: MIT */
/* Any bytes as each of the stores that credentials may name, of a kind that the first byte says. */
#include "fuzz.h"

#include "base/alloc.h"
#include "kafka/tls.h"

enum { NOW_S = 1795437330 };

static char *
copy_if(bool there, struct slice bytes)
{
	return there ? xstrndup(bytes.p, strnlen(bytes.p, bytes.n)) : NULL;
}

static void
fill_store(struct credentials_store *store, const char *path, unsigned kind)
{
	static const char *const types[] = {NULL, "PKCS12", "JKS", "PEM"};

	*store = (struct credentials_store){xstrdup(path), types[kind & 3] ? xstrdup(types[kind & 3]) : NULL,
					    xstrdup("cc2023")};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = {(const char *)data, size};
	unsigned kind = fuzz_byte(&rest);
	struct credentials c = {.source = xstrdup("lab"), .protocol = xstrdup("SSL")};
	struct strings notes = {0};
	struct err err = {{0}};
	struct tls tls = {0};
	char path[FUZZ_PATH];
	int fd;

	if (rest.n == 0)
		return free(c.source), free(c.protocol), 0;
	fd = fuzz_file(path, rest);
	if (kind & 4)
		fill_store(&c.truststore, path, kind);
	if (kind & 8)
		fill_store(&c.keystore, path, kind);
	c.ca_file = !(kind & 4) && (kind & 16) ? xstrdup(path) : NULL;
	c.ca_pem = copy_if(!(kind & 20) && (kind & 32), rest);
	c.certificate_pem = copy_if(!(kind & 8) && (kind & 64), rest);
	c.key_pem = copy_if(!(kind & 8) && (kind & 64), rest);
	c.key_password = kind & 128 ? xstrdup("cc2023") : NULL;
	require(tls_open(&c, (int64_t)NOW_S * 1000, &tls, &notes, &err) || err.text[0]);
	tls_fini(&tls);
	strings_clear(&notes);
	credentials_fini(&c);
	close(fd);
	return 0;
}
