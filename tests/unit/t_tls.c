/* SPDX-License-Identifier: MIT */
/* Stores of every kind, made by the openssl program in a folder of the test's own. */
#include "kafka/tls.h"
#include "unit.h"

#include "base/clock.h"
#include "kafka/pem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/exptop-tls-XXXXXX";
static char path[300];

static const char script[] =
	"exec >/dev/null 2>&1; set -e; cd \"$1\"\n"
	"openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=ca -days 2\n"
	"openssl req -newkey rsa:2048 -nodes -keyout me.key -out me.csr -subj /CN=me\n"
	"openssl x509 -req -in me.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out me.crt\n"
	"p12() { openssl pkcs12 -export -inkey me.key -in me.crt -passout pass:cc2023 \"$@\"; }\n"
	"p12 -out good.p12\n"
	"p12 -out old.p12 -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40\n"
	"openssl pkcs12 -export -nokeys -in ca.crt -out trust.p12 -passout pass:cc2023\n"
	"cat me.crt me.key > me.pem; cat me.crt ca.key > mixed.pem\n"
	"openssl req -newkey rsa:2048 -nodes -keyout office.key -out office.csr -subj /CN=office\n"
	"echo basicConstraints=critical,CA:TRUE > ca.ext\n"
	"openssl x509 -req -in office.csr -CA ca.crt -CAkey ca.key -days 2 -set_serial 7 -extfile ca.ext "
	"-out office.crt\n"
	"openssl x509 -req -in me.csr -CA office.crt -CAkey office.key -CAcreateserial -days 2 -out chained.crt\n"
	"cat office.crt ca.crt > rest.crt; cat chained.crt office.crt > chain.crt\n"
	"openssl pkcs12 -export -inkey me.key -in chained.crt -certfile rest.crt -passout pass:cc2023 -out chain.p12\n"
	"openssl pkcs8 -topk8 -in me.key -passout pass:kpw -out me.encrypted\n"
	"printf '\\376\\355\\376\\355rest' > store.jks; echo nothing > text\n";

static int
make_stores(void **state)
{
	char command[sizeof(script) + 100];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(command, sizeof(command), "set -- %s\n%s", folder, script);
	return system(command);
}

static int
remove_stores(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static char *
in_folder(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return strdup(path);
}

static struct credentials
with_keystore(const char *name, const char *type, const char *password)
{
	return (struct credentials){
		.source = strdup(folder), .protocol = strdup("SSL"), .ca_file = in_folder("ca.crt"),
		.keystore = {in_folder(name), type ? strdup(type) : NULL, password ? strdup(password) : NULL},
	};
}

static const char *
value(const struct tls *t, const char *name)
{
	const struct kafka_config config = {.properties = t->property, .n_properties = t->n};

	return kafka_property(&config, name);
}

/* Opens C (freed), expecting it to fail with a sentence that has PIECE. */
static void
fails(struct credentials c, int64_t now_ms, const char *piece)
{
	struct strings notes = {0};
	struct err err = {0};
	struct tls t;

	assert_false(tls_open(&c, now_ms, &t, &notes, &err));
	if (!strstr(err.text, piece))
		fail_msg("\"%s\" has no \"%s\"", err.text, piece);
	assert_int_equal(t.n, 0);
	credentials_fini(&c);
}

static void
opens_a_good_folder(void **state)
{
	struct credentials c = with_keystore("good.p12", "PKCS12", "cc2023");
	struct strings notes = {0};
	struct err err = {0};
	struct tls t;

	(void)state;
	assert_true(tls_open(&c, clock_wall_ms(), &t, &notes, &err));
	assert_string_equal(value(&t, "security.protocol"), "SSL");
	assert_string_equal(value(&t, "ssl.ca.location"), c.ca_file);
	assert_string_equal(value(&t, "ssl.keystore.location"), c.keystore.file);
	assert_string_equal(value(&t, "ssl.keystore.password"), "cc2023");
	assert_string_equal(value(&t, "ssl.endpoint.identification.algorithm"), "none");
	assert_int_equal(notes.n, 0);
	tls_fini(&t);
	credentials_fini(&c);
}

static void
opens_an_old_keystore_and_says_so(void **state)
{
	struct credentials c = with_keystore("old.p12", "PKCS12", "cc2023");
	struct strings notes = {0};
	struct err err = {0};
	struct tls t;

	(void)state;
	c.check_hostname = true;
	if (!tls_open(&c, clock_wall_ms(), &t, &notes, &err))
		fail_msg("%s", err.text);
	assert_null(value(&t, "ssl.keystore.location"));
	assert_non_null(strstr(value(&t, "ssl.key.pem"), "PRIVATE KEY"));
	assert_non_null(strstr(value(&t, "ssl.certificate.pem"), "BEGIN CERTIFICATE"));
	assert_string_equal(value(&t, "ssl.endpoint.identification.algorithm"), "https");
	assert_int_equal(notes.n, 1);
	assert_non_null(strstr(notes.item[0], "legacy"));
	strings_clear(&notes);
	tls_fini(&t);
	credentials_fini(&c);
}

static void
takes_pem_and_a_pkcs12_truststore(void **state)
{
	struct credentials c = with_keystore("me.pem", "PEM", NULL);
	struct strings notes = {0};
	struct err err = {0};
	struct tls t;

	(void)state;
	free(c.ca_file);
	c.ca_file = NULL;
	c.truststore = (struct credentials_store){in_folder("trust.p12"), strdup("PKCS12"), strdup("cc2023")};
	if (!tls_open(&c, clock_wall_ms(), &t, &notes, &err))
		fail_msg("%s", err.text);
	assert_non_null(strstr(value(&t, "ssl.ca.pem"), "BEGIN CERTIFICATE"));
	assert_string_equal(value(&t, "ssl.key.location"), c.keystore.file);
	tls_fini(&t);
	credentials_fini(&c);
}

static int
count(const char *text, const char *piece)
{
	int n = 0;

	for (; text && (text = strstr(text, piece)); text++)
		n++;
	return n;
}

/* OpenSSL sends what it finds of the chain among the authorities. The root is no part of what a client brings along. */
static void
the_chain_of_a_keystore_is_handed_over(void **state)
{
	struct credentials c = with_keystore("chain.p12", "PKCS12", "cc2023");
	struct strings notes = {0};
	struct err err = {0};
	struct tls t;

	(void)state;
	assert_true(tls_open(&c, clock_wall_ms(), &t, &notes, &err));
	assert_string_equal(value(&t, "ssl.ca.location"), c.ca_file);
	assert_int_equal(count(value(&t, "ssl.ca.pem"), "BEGIN CERTIFICATE"), 1);
	tls_fini(&t);
	free(c.ca_file);
	c.ca_file = NULL;
	c.truststore = (struct credentials_store){in_folder("trust.p12"), strdup("PKCS12"), strdup("cc2023")};
	assert_true(tls_open(&c, clock_wall_ms(), &t, &notes, &err));
	assert_int_equal(count(value(&t, "ssl.ca.pem"), "BEGIN CERTIFICATE"), 2);
	assert_null(value(&t, "ssl.ca.location"));
	tls_fini(&t);
	credentials_fini(&c);
	c = with_keystore("chain.p12", "PKCS12", "cc2023");
	free(c.ca_file);
	c.ca_file = NULL;
	assert_true(tls_open(&c, clock_wall_ms(), &t, &notes, &err));
	assert_int_equal(access(value(&t, "ssl.ca.location"), R_OK), 0); /* the system's are trusted as before */
	tls_fini(&t);
	credentials_fini(&c);
}

/* What FILE holds, with blanks for its line ends. */
static char *
one_line(const char *file)
{
	char *name = in_folder(file), *text = calloc(1, 16384);
	FILE *in = fopen(name, "r");

	assert_non_null(in);
	text[fread(text, 1, 16383, in)] = '\0';
	fclose(in);
	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = ' ';
	free(name);
	return text;
}

static void
pem_may_stand_on_one_line(void **state)
{
	struct credentials c = {
		.source = strdup(folder), .protocol = strdup("SSL"), .ca_pem = one_line("ca.crt"),
		.certificate_pem = one_line("chain.crt"), .key_pem = one_line("me.encrypted"),
		.key_password = strdup("kpw"),
	};
	struct strings notes = {0};
	struct err err = {0};
	struct tls t;

	(void)state;
	if (!tls_open(&c, clock_wall_ms(), &t, &notes, &err))
		fail_msg("%s", err.text);
	assert_int_equal(count(value(&t, "ssl.ca.pem"), "-----BEGIN CERTIFICATE-----\n"), 2); /* and the chain's */
	assert_non_null(strstr(value(&t, "ssl.key.pem"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
	assert_string_equal(value(&t, "ssl.key.password"), "kpw");
	tls_fini(&t);
	free(c.key_password);
	c.key_password = NULL;
	fails(c, clock_wall_ms(), "its password is wrong");
}

static void
blocks_are_unfolded(void **state)
{
	struct buf out = {0};

	(void)state;
	pem_unfold(&out, slice_str("said before -----BEGIN X----- QUJD\n  REVG -----END X----- between"
				   "-----BEGIN Y-----\nProc-Type: 4,ENCRYPTED\n\nQUJD\n-----END Y-----\n"
				   "-----BEGIN Z----- QUJD"));
	assert_string_equal(buf_cstr(&out), "-----BEGIN X-----\nQUJDREVG\n-----END X-----\n"
			    "-----BEGIN Y-----\nProc-Type: 4,ENCRYPTED\n\nQUJD\n-----END Y-----\n");
	buf_clear(&out);
	pem_unfold(&out, slice_str("-----BEGIN X-----"));
	pem_unfold(&out, slice_str("-----BEGIN "));
	pem_unfold(&out, slice_str(""));
	assert_int_equal(out.n, 0);
	buf_free(&out);
}

static void
names_what_is_wrong(void **state)
{
	int64_t now = clock_wall_ms(), day = 86400000;
	struct credentials c;

	(void)state;
	fails(with_keystore("good.p12", "PKCS12", "wrong"), now, "good.p12 is wrong");
	fails(with_keystore("good.p12", "PKCS12", NULL), now, "needs a password");
	fails(with_keystore("old.p12", "PKCS12", "wrong"), now, "old.p12 is wrong");
	fails(with_keystore("none.p12", NULL, "cc2023"), now, "none.p12: No such file");
	fails(with_keystore("text", NULL, "cc2023"), now, "text is no PKCS12 store");
	fails(with_keystore("store.jks", "JKS", "cc2023"), now, "keytool -importkeystore -srckeystore");
	fails(with_keystore("good.p12", "PKCS12", "cc2023"), now + 3 * day, "expired on 20");
	fails(with_keystore("good.p12", "PKCS12", "cc2023"), now - day, "not valid before");
	fails(with_keystore("mixed.pem", "PEM", NULL), now, "do not belong together");
	c = with_keystore("good.p12", "PKCS12", "cc2023");
	free(c.ca_file);
	c.ca_file = in_folder("text");
	fails(c, now, "text holds no PEM certificate");
	c = with_keystore("good.p12", "PKCS12", "cc2023");
	free(c.ca_file);
	c.ca_file = in_folder("missing.crt");
	fails(c, now, "missing.crt: No such file");
}

static void
sasl_needs_no_store(void **state)
{
	struct credentials c = {
		.source = strdup(folder), .protocol = strdup("SASL_PLAINTEXT"), .sasl_mechanism = strdup("PLAIN"),
		.sasl_username = strdup("me"), .sasl_password = strdup("x"),
	};
	struct strings notes = {0};
	struct err err = {0};
	struct tls t;

	(void)state;
	assert_true(tls_open(&c, 0, &t, &notes, &err));
	assert_string_equal(value(&t, "sasl.username"), "me");
	assert_null(value(&t, "ssl.endpoint.identification.algorithm"));
	tls_fini(&t);
	credentials_fini(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_a_good_folder),
		cmocka_unit_test(opens_an_old_keystore_and_says_so),
		cmocka_unit_test(takes_pem_and_a_pkcs12_truststore),
		cmocka_unit_test(the_chain_of_a_keystore_is_handed_over),
		cmocka_unit_test(pem_may_stand_on_one_line),
		cmocka_unit_test(blocks_are_unfolded),
		cmocka_unit_test(names_what_is_wrong),
		cmocka_unit_test(sasl_needs_no_store),
	};

	return cmocka_run_group_tests(tests, make_stores, remove_stores);
}
