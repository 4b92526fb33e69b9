/* SPDX-License-Identifier: MIT */
#include "base/alloc.h"
#include "conf/auth.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char pkcs12[] = "\x30\x82\x01\x02 what follows is not looked at";
static const char jks[] = "\xfe\xed\xfe\xed old store";
static const char pem[] = "Bag Attributes\n-----BEGIN CERTIFICATE-----\n";

struct place {
	char *folder;
	struct credentials c;
	struct strings warnings;
	struct err err;
	struct auth_request request;
	int prompted;
};

static int
enter(void **state)
{
	struct place *p = xcalloc(1, sizeof(*p));

	p->folder = xstrdup("/tmp/exptop-auth.XXXXXX");
	*state = p;
	if (!mkdtemp(p->folder))
		return -1;
	p->request.folder = p->folder;
	return 0;
}

static int
leave(void **state)
{
	struct place *p = *state;
	char *command = xasprintf("rm -r '%s'", p->folder);
	int status = system(command);

	credentials_fini(&p->c);
	strings_clear(&p->warnings);
	free(p->folder);
	free(command);
	free(p);
	return status;
}

static void
add_file(const struct place *p, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", p->folder, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(path);
}

static void
read_folder(struct place *p)
{
	if (!auth_read(&p->c, &p->request, &p->warnings, &p->err))
		fail_msg("%s", p->err.text);
}

/* TEXT, with FOLDER standing for the test's folder. */
static void
assert_says(const struct place *p, const char *said, const char *expected)
{
	struct buf shown = {0};
	size_t n = strlen(p->folder);

	assert_non_null(said);
	while (*said) {
		if (strncmp(said, p->folder, n) == 0) {
			buf_str(&shown, "FOLDER");
			said += n;
		} else {
			buf_char(&shown, *said++);
		}
	}
	assert_string_equal(buf_cstr(&shown), expected);
	buf_free(&shown);
}

static void
assert_refused(struct place *p, const char *why)
{
	assert_false(auth_read(&p->c, &p->request, &p->warnings, &p->err));
	assert_says(p, p->err.text, why);
}

static bool
type_hush(void *ctx, const char *file, struct buf *password)
{
	struct place *p = ctx;

	assert_says(p, file, "FOLDER/kafka.keystore.pkcs12");
	buf_str(password, "hush");
	p->prompted++;
	return true;
}

static void
the_tutorials_folder_needs_no_properties(void **state)
{
	struct place *p = *state;

	add_file(p, "ca.crt", pem);
	add_file(p, "kafka.keystore.pkcs12", pkcs12);
	p->request.password = "cc2023";
	read_folder(p);
	assert_string_equal(p->c.protocol, "SSL");
	assert_says(p, p->c.ca_file, "FOLDER/ca.crt");
	assert_says(p, p->c.keystore.file, "FOLDER/kafka.keystore.pkcs12");
	assert_string_equal(p->c.keystore.type, "PKCS12");
	assert_string_equal(p->c.keystore.password, "cc2023");
	assert_false(p->c.check_hostname);
	assert_string_equal(p->c.note, "server name not checked");
	assert_int_equal(p->warnings.n, 0);
}

static void
a_java_clients_properties_are_understood(void **state)
{
	struct place *p = *state;

	add_file(p, "ca.crt", pem);
	add_file(p, "kafka.keystore.pkcs12", pkcs12);
	add_file(p, "kafka.truststore.pkcs12", pkcs12);
	add_file(p, "client-ssl.properties",
		 "security.protocol=ssl\n"
		 "ssl.truststore.location=/auth/kafka.truststore.pkcs12\n"
		 "ssl.truststore.type=JKS\n"
		 "ssl.truststore.password=trust\n"
		 "ssl.keystore.location=kafka.keystore.pkcs12\n"
		 "ssl.keystore.password=key\n"
		 "ssl.key.password=inner\n"
		 "ssl.endpoint.identification.algorithm=\n"
		 "ssl.protocol=TLSv1.3\n");
	read_folder(p);
	assert_string_equal(p->c.protocol, "SSL");
	assert_null(p->c.ca_file);
	assert_says(p, p->c.truststore.file, "FOLDER/kafka.truststore.pkcs12");
	assert_string_equal(p->c.truststore.type, "PKCS12");
	assert_string_equal(p->c.truststore.password, "trust");
	assert_says(p, p->c.keystore.file, "FOLDER/kafka.keystore.pkcs12");
	assert_string_equal(p->c.keystore.password, "key");
	assert_string_equal(p->c.key_password, "inner");
	assert_false(p->c.check_hostname);
	assert_int_equal(p->warnings.n, 1);
	assert_says(p, p->warnings.item[0],
		    "FOLDER/client-ssl.properties:9: ssl.protocol is ignored; -X sets the properties of librdkafka");
}

static void
the_servers_name_is_checked_as_java_would(void **state)
{
	struct place *p = *state;

	add_file(p, "ca.crt", pem);
	add_file(p, "client-ssl.properties", "security.protocol=SSL\n");
	read_folder(p);
	assert_true(p->c.check_hostname);
	assert_null(p->c.note);
	credentials_fini(&p->c);
	add_file(p, "client-ssl.properties", "ssl.endpoint.identification.algorithm=HTTPS\n");
	read_folder(p);
	assert_true(p->c.check_hostname);
	credentials_fini(&p->c);
	add_file(p, "client-ssl.properties", "\nssl.endpoint.identification.algorithm=ldap\n");
	assert_refused(p, "FOLDER/client-ssl.properties:2: ssl.endpoint.identification.algorithm: expected https, or "
			  "nothing for no check of the server's name, not \"ldap\"");
}

static void
the_password_is_looked_for_in_order(void **state)
{
	struct place *p = *state;
	char *file = xasprintf("%s/password", p->folder);

	add_file(p, "kafka.keystore.pkcs12", pkcs12);
	add_file(p, "password", "from file\r\nsecond line\n");
	assert_refused(p, "no password for FOLDER/kafka.keystore.pkcs12: write ssl.keystore.password into "
			  "client-ssl.properties, give --auth-password-file FILE, or set EXPTOP_KEYSTORE_PASSWORD");
	credentials_fini(&p->c);
	p->request.prompt = type_hush;
	p->request.ctx = p;
	read_folder(p);
	assert_string_equal(p->c.keystore.password, "hush");
	credentials_fini(&p->c);
	p->request.password_file = file;
	read_folder(p);
	assert_string_equal(p->c.keystore.password, "from file");
	credentials_fini(&p->c);
	p->request.password = "from environment";
	read_folder(p);
	assert_string_equal(p->c.keystore.password, "from environment");
	credentials_fini(&p->c);
	add_file(p, "client-ssl.properties", "ssl.keystore.password=\\u0066rom properties\n");
	read_folder(p);
	assert_string_equal(p->c.keystore.password, "from properties");
	assert_int_equal(p->prompted, 1);
	free(file);
}

static void
an_old_truststore_gives_way_to_the_certificate(void **state)
{
	struct place *p = *state;

	add_file(p, "trust.jks", jks);
	add_file(p, "client-ssl.properties",
		 "ssl.truststore.location=trust.jks\nssl.truststore.password=x\n");
	read_folder(p);
	assert_string_equal(p->c.truststore.type, "JKS");
	credentials_fini(&p->c);
	add_file(p, "ca.crt", pem);
	read_folder(p);
	assert_null(p->c.truststore.file);
	assert_null(p->c.truststore.password);
	assert_says(p, p->c.ca_file, "FOLDER/ca.crt");
	assert_says(p, p->warnings.item[0],
		    "FOLDER/trust.jks is no PKCS12 store whose password is said: FOLDER/ca.crt is used instead");
}

static void
pem_is_taken_as_file_and_as_text(void **state)
{
	struct place *p = *state;

	add_file(p, "trust.pem", pem);
	add_file(p, "me.pem", pem);
	add_file(p, "client-ssl.properties",
		 "ssl.truststore.type=PEM\nssl.truststore.location=trust.pem\n"
		 "ssl.keystore.type=PEM\nssl.keystore.location=me.pem\n");
	read_folder(p);
	assert_says(p, p->c.ca_file, "FOLDER/trust.pem");
	assert_null(p->c.truststore.file);
	assert_says(p, p->c.keystore.file, "FOLDER/me.pem");
	assert_string_equal(p->c.keystore.type, "PEM");
	credentials_fini(&p->c);
	add_file(p, "client-ssl.properties",
		 "ssl.truststore.certificates=A \\\n B\nssl.keystore.key=K\nssl.keystore.certificate.chain=C\n");
	read_folder(p);
	assert_string_equal(p->c.ca_pem, "A B");
	assert_string_equal(p->c.key_pem, "K");
	assert_string_equal(p->c.certificate_pem, "C");
	assert_null(p->c.ca_file);
}

static void
user_and_password_come_from_jaas(void **state)
{
	struct place *p = *state;

	add_file(p, "client-ssl.properties",
		 "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256\n"
		 "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n"
		 "  username=\"anna\" password = \"a \\\\\"b;\" ;\n");
	read_folder(p);
	assert_string_equal(p->c.protocol, "SASL_PLAINTEXT");
	assert_string_equal(p->c.sasl_mechanism, "SCRAM-SHA-256");
	assert_string_equal(p->c.sasl_username, "anna");
	assert_string_equal(p->c.sasl_password, "a \"b;");
	credentials_fini(&p->c);
	add_file(p, "client-ssl.properties",
		 "security.protocol=SASL_SSL\nsasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required "
		 "keyTab=\"x\";\nsasl.kerberos.service.name=kafka\n");
	read_folder(p);
	assert_null(p->c.sasl_username);
	assert_string_equal(p->c.sasl_service, "kafka");
	assert_int_equal(p->warnings.n, 1);
}

static void
a_wrong_folder_is_refused_with_the_way_out(void **state)
{
	struct place *p = *state;
	char *missing = xasprintf("%s/missing", p->folder);

	assert_refused(p, "FOLDER holds none of ca.crt, kafka.keystore.pkcs12 and client-ssl.properties");
	credentials_fini(&p->c);
	p->request.folder = missing;
	assert_refused(p, "cannot read the credentials folder FOLDER/missing: No such file or directory");
	add_file(p, "missing", "");
	assert_refused(p, "FOLDER/missing is no folder: --auth wants the folder that holds the credentials");
	p->request.folder = p->folder;
	add_file(p, "client-ssl.properties", "ssl.keystore.location=/nowhere/else/me.p12\n");
	assert_refused(p, "FOLDER/client-ssl.properties:1: ssl.keystore.location: there is no file "
			  "/nowhere/else/me.p12, and none of its name in FOLDER");
	credentials_fini(&p->c);
	add_file(p, "client-ssl.properties", "\n\nsecurity.protocol=TLS\n");
	assert_refused(p, "FOLDER/client-ssl.properties:3: security.protocol: expected PLAINTEXT, SSL, "
			  "SASL_PLAINTEXT or SASL_SSL, not \"TLS\"");
	free(missing);
}

/* As Kafka's client reads it, which trims texts and passwords alike. */
static void
blanks_around_a_value_are_nobodys(void **state)
{
	struct place *p = *state;

	add_file(p, "kafka.keystore.pkcs12", pkcs12);
	add_file(p, "kafka.truststore.pkcs12", pkcs12);
	add_file(p, "client-ssl.properties",
		 "security.protocol=SSL \n"
		 "ssl.keystore.location=kafka.keystore.pkcs12 \n"
		 "ssl.keystore.password=\\ cc 2023\t \n"
		 "ssl.truststore.location=kafka.truststore.pkcs12 \r\n"
		 "ssl.truststore.password= \\\n   cc2023 \n"
		 "ssl.endpoint.identification.algorithm= \n");
	read_folder(p);
	assert_string_equal(p->c.protocol, "SSL");
	assert_says(p, p->c.keystore.file, "FOLDER/kafka.keystore.pkcs12");
	assert_string_equal(p->c.keystore.password, "cc 2023");
	assert_string_equal(p->c.truststore.password, "cc2023");
	assert_false(p->c.check_hostname);
	assert_int_equal(p->warnings.n, 0);
}

static void
a_store_without_a_password_names_its_own_property(void **state)
{
	struct place *p = *state;

	add_file(p, "trust.p12", pkcs12);
	add_file(p, "client-ssl.properties", "ssl.truststore.location=trust.p12\n");
	assert_refused(p, "no password for FOLDER/trust.p12: write ssl.truststore.password into "
			  "client-ssl.properties, give --auth-password-file FILE, or set EXPTOP_KEYSTORE_PASSWORD");
}

static void
plaintext_asks_for_no_password(void **state)
{
	struct place *p = *state;

	add_file(p, "kafka.keystore.pkcs12", pkcs12);
	add_file(p, "client-ssl.properties", "security.protocol=PLAINTEXT\n");
	read_folder(p);
	assert_string_equal(p->c.protocol, "PLAINTEXT");
	assert_null(p->c.note);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_tutorials_folder_needs_no_properties, enter, leave),
		cmocka_unit_test_setup_teardown(a_java_clients_properties_are_understood, enter, leave),
		cmocka_unit_test_setup_teardown(the_servers_name_is_checked_as_java_would, enter, leave),
		cmocka_unit_test_setup_teardown(the_password_is_looked_for_in_order, enter, leave),
		cmocka_unit_test_setup_teardown(an_old_truststore_gives_way_to_the_certificate, enter, leave),
		cmocka_unit_test_setup_teardown(pem_is_taken_as_file_and_as_text, enter, leave),
		cmocka_unit_test_setup_teardown(user_and_password_come_from_jaas, enter, leave),
		cmocka_unit_test_setup_teardown(a_wrong_folder_is_refused_with_the_way_out, enter, leave),
		cmocka_unit_test_setup_teardown(blanks_around_a_value_are_nobodys, enter, leave),
		cmocka_unit_test_setup_teardown(a_store_without_a_password_names_its_own_property, enter, leave),
		cmocka_unit_test_setup_teardown(plaintext_asks_for_no_password, enter, leave),
	};

	return cmocka_run_group_tests_name("auth", tests, NULL, NULL);
}
