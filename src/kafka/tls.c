/* SPDX-License-Identifier: MIT */
#include "kafka/tls.h"

#include "base/alloc.h"
#include "kafka/pem.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DATE_TEXT = 32 };

/* A PKCS12 store, opened. */
struct opened {
	EVP_PKEY *key;
	X509 *certificate;
	STACK_OF(X509) *others;

	/* Set when only OpenSSL's legacy provider could open it: the context of its own it lives in. */
	OSSL_LIB_CTX *context;
	OSSL_PROVIDER *legacy, *usual;
};

static void
drop_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

static void
add(struct tls *t, const char *name, const char *value)
{
	if (!value)
		return;
	t->property = xreallocarray(t->property, t->n + 1, sizeof(*t->property));
	t->property[t->n++] = (struct kafka_property){name, xstrdup(value)};
}

void
tls_fini(struct tls *t)
{
	for (size_t i = 0; i < t->n; i++)
		drop_text((char *)t->property[i].value);
	free(t->property);
	*t = (struct tls){0};
}

static void
opened_fini(struct opened *o)
{
	EVP_PKEY_free(o->key);
	X509_free(o->certificate);
	sk_X509_pop_free(o->others, X509_free);
	if (o->legacy)
		OSSL_PROVIDER_unload(o->legacy);
	if (o->usual)
		OSSL_PROVIDER_unload(o->usual);
	OSSL_LIB_CTX_free(o->context);
	*o = (struct opened){0};
}

/* What B holds, as text for add(). */
static void
add_pem(struct tls *t, const char *name, BIO *b)
{
	char *bytes, *text;
	long n = BIO_get_mem_data(b, &bytes);

	text = xstrndup(bytes, (size_t)n);
	add(t, name, text);
	drop_text(text);
}

/* TEXT, which may be on one line, as OpenSSL and librdkafka read it; the caller's to wipe and free. */
static char *
unfold(const char *text)
{
	struct buf out = {0};

	if (!text)
		return NULL;
	pem_unfold(&out, slice_str(text));
	buf_cstr(&out);
	return out.p;
}

/* Where OpenSSL looks by itself. The library goes there no more once it is given certificates as a text, not even for
 * "probe". */
static const char *
system_authorities(void)
{
	return access(X509_get_default_cert_file(), R_OK) == 0 ? X509_get_default_cert_file()
							       : X509_get_default_cert_dir();
}

/* To those that the library takes as texts, CERTIFICATES: beside what else is trusted. */
static void
add_authorities(struct tls *t, const char *certificates)
{
	bool trusting = false;

	for (size_t i = 0; i < t->n; i++) {
		struct kafka_property *p = &t->property[i];
		char *both;

		trusting = trusting || strncmp(p->name, "ssl.ca.", 7) == 0;
		if (strcmp(p->name, "ssl.ca.pem") != 0)
			continue;
		both = xasprintf("%s\n%s", p->value, certificates);
		free((char *)p->value);
		p->value = both;
		return;
	}
	if (!trusting)
		add(t, "ssl.ca.location", system_authorities());
	add(t, "ssl.ca.pem", certificates);
}

static bool
is_own_issuer(X509 *certificate)
{
	return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

/* The library sends the client's certificate alone, but OpenSSL adds to it what it finds among the authorities. An
 * intermediate one is not trusted by standing there: only what leads to one that signed itself is. */
static void
add_chain(struct tls *t, STACK_OF(X509) *others)
{
	BIO *pem = BIO_new(BIO_s_mem());
	char *bytes, *text;
	long n;

	for (int i = 0; i < sk_X509_num(others); i++)
		if (!is_own_issuer(sk_X509_value(others, i)))
			PEM_write_bio_X509(pem, sk_X509_value(others, i));
	n = BIO_get_mem_data(pem, &bytes);
	if (n > 0) {
		text = xstrndup(bytes, (size_t)n);
		add_authorities(t, text);
		free(text);
	}
	BIO_free(pem);
}

static void
date_of(const ASN1_TIME *time, char out[DATE_TEXT])
{
	struct tm tm = {0};

	ASN1_TIME_to_tm(time, &tm);
	strftime(out, DATE_TEXT, "%Y-%m-%d %H:%M UTC", &tm);
}

static bool
in_time(X509 *certificate, int64_t now_ms, const char *what, const char *where, struct err *err)
{
	time_t now = (time_t)(now_ms / 1000);
	char date[DATE_TEXT];

	if (X509_cmp_time(X509_get0_notAfter(certificate), &now) < 0) {
		date_of(X509_get0_notAfter(certificate), date);
		return err_set(err, "%s in %s expired on %s: ask for a new one", what, where, date);
	}
	if (X509_cmp_time(X509_get0_notBefore(certificate), &now) > 0) {
		date_of(X509_get0_notBefore(certificate), date);
		return err_set(err, "%s in %s is not valid before %s: is the clock here right?", what, where, date);
	}
	return true;
}

static BIO *
open_file(const char *file, struct err *err)
{
	BIO *b = BIO_new_file(file, "rb");

	if (!b)
		err_set(err, "cannot read %s: %s", file, strerror(errno));
	return b;
}

/* Every certificate of B is read; good when there is one at least that has not expired. */
static bool
check_authorities(BIO *b, const char *where, int64_t now_ms, struct err *err)
{
	struct err said = {0};
	X509 *certificate;
	bool any = false, good = false;

	while ((certificate = PEM_read_bio_X509(b, NULL, NULL, NULL))) {
		any = true;
		good = in_time(certificate, now_ms, "the CA certificate", where, &said) || good;
		X509_free(certificate);
	}
	ERR_clear_error();
	if (!any)
		return err_set(err, "%s holds no PEM certificate (-----BEGIN CERTIFICATE-----): is it the CA file?",
			       where);
	return good || err_set(err, "%s", said.text);
}

static bool
use_ca_file(struct tls *t, const char *file, int64_t now_ms, struct err *err)
{
	BIO *b = open_file(file, err);
	bool good = b && check_authorities(b, file, now_ms, err);

	BIO_free(b);
	if (good)
		add(t, "ssl.ca.location", file);
	return good;
}

static bool
use_ca_pem(struct tls *t, const char *pem, const char *source, int64_t now_ms, struct err *err)
{
	char *text = unfold(pem);
	BIO *b = BIO_new_mem_buf(text, -1);
	bool good = check_authorities(b, source, now_ms, err);

	BIO_free(b);
	if (good)
		add(t, "ssl.ca.pem", text);
	free(text);
	return good;
}

/* Open FILE in CONTEXT (NULL: the default one). *PASSWORD_GOOD tells a wrong password from another failure. */
static bool
parse_store(OSSL_LIB_CTX *context, const char *file, const char *password, struct opened *out, bool *is_store,
	    bool *password_good)
{
	PKCS12 *store = PKCS12_init_ex(NID_pkcs7_data, context, NULL);
	BIO *b = BIO_new_file(file, "rb");
	bool good = false;

	*is_store = b && store && d2i_PKCS12_bio(b, &store);
	*password_good = *is_store && (!PKCS12_mac_present(store) || PKCS12_verify_mac(store, password, -1));
	if (*password_good)
		good = PKCS12_parse(store, password, &out->key, &out->certificate, &out->others);
	PKCS12_free(store);
	BIO_free(b);
	ERR_clear_error();
	return good;
}

/* Old stores are encrypted with RC2 or 3DES, which OpenSSL keeps in a provider of
 * its own; it is loaded into a context of ours, so that nothing else gets to use it. */
static bool
parse_legacy_store(const char *file, const char *password, struct opened *out)
{
	bool is_store, password_good;

	out->context = OSSL_LIB_CTX_new();
	out->legacy = OSSL_PROVIDER_load(out->context, "legacy");
	out->usual = OSSL_PROVIDER_load(out->context, "default");
	if (out->legacy && out->usual && parse_store(out->context, file, password, out, &is_store, &password_good))
		return true;
	opened_fini(out);
	return false;
}

static bool
open_store(const struct credentials_store *s, const char *what, struct opened *out, struct err *err)
{
	bool is_store, password_good;
	BIO *b = open_file(s->file, err);

	if (!b)
		return false;
	BIO_free(b);
	if (s->type && strcmp(s->type, "JKS") == 0)
		return err_set(err, "%s %s is a Java keystore (JKS), which only Java reads. Convert it: keytool "
			       "-importkeystore -srckeystore %s -destkeystore %s.p12 -deststoretype PKCS12", what,
			       s->file, s->file, s->file);
	if (parse_store(NULL, s->file, s->password, out, &is_store, &password_good))
		return true;
	if (!is_store)
		return err_set(err, "%s %s is no PKCS12 store: it is damaged or of another kind", what, s->file);
	if (!password_good && !s->password)
		return err_set(err, "%s %s needs a password, and none was given", what, s->file);
	if (!password_good)
		return err_set(err, "the password of %s %s is wrong", what, s->file);
	return parse_legacy_store(s->file, s->password, out) ||
	       err_set(err, "%s %s cannot be decrypted: its encryption is unknown to OpenSSL", what, s->file);
}

static bool
use_truststore(struct tls *t, const struct credentials_store *s, int64_t now_ms, struct err *err)
{
	struct opened o = {0};
	BIO *pem;
	bool good;

	if (s->type && strcmp(s->type, "PEM") == 0)
		return use_ca_file(t, s->file, now_ms, err);
	if (!open_store(s, "the truststore", &o, err))
		return false;
	pem = BIO_new(BIO_s_mem());
	if (o.certificate)
		PEM_write_bio_X509(pem, o.certificate);
	for (int i = 0; i < sk_X509_num(o.others); i++)
		PEM_write_bio_X509(pem, sk_X509_value(o.others, i));
	opened_fini(&o);
	good = BIO_pending(pem) > 0 || err_set(err, "the truststore %s holds no certificate", s->file);
	if (good)
		add_pem(t, "ssl.ca.pem", pem);
	BIO_free(pem);
	return good;
}

/* Hand an old store's content over as PEM: librdkafka could not open the file. */
static void
add_content(struct tls *t, const struct opened *o)
{
	BIO *key = BIO_new(BIO_s_secmem()), *certificate = BIO_new(BIO_s_mem());

	PEM_write_bio_PrivateKey(key, o->key, NULL, NULL, 0, NULL, NULL);
	PEM_write_bio_X509(certificate, o->certificate);
	add_pem(t, "ssl.key.pem", key);
	add_pem(t, "ssl.certificate.pem", certificate);
	BIO_free(key);
	BIO_free(certificate);
}

static bool
use_keystore(struct tls *t, const struct credentials_store *s, int64_t now_ms, struct strings *notes, struct err *err)
{
	struct opened o = {0};
	bool good;

	if (!open_store(s, "the keystore", &o, err))
		return false;
	good = (o.key && o.certificate) ||
	       err_set(err, "the keystore %s holds no certificate with its key", s->file);
	good = good && in_time(o.certificate, now_ms, "the client certificate", s->file, err);
	if (good && o.context) {
		add_content(t, &o);
		strings_addf(notes, "%s is encrypted the old way (RC2 or 3DES); OpenSSL's legacy provider opened it",
			     s->file);
	} else if (good) {
		add(t, "ssl.keystore.location", s->file);
		add(t, "ssl.keystore.password", s->password ? s->password : "");
	}
	if (good)
		add_chain(t, o.others);
	opened_fini(&o);
	return good;
}

static int
give_password(char *out, int size, int writing, void *password)
{
	(void)writing;
	return password ? snprintf(out, (size_t)size, "%s", (const char *)password) : 0;
}

/* Certificate and key as PEM in two buffers, or in one file. */
static bool
check_pem(BIO *certificate, BIO *key, const struct credentials *c, const char *where, int64_t now_ms, struct err *err)
{
	X509 *x = PEM_read_bio_X509(certificate, NULL, NULL, NULL);
	EVP_PKEY *k = x ? PEM_read_bio_PrivateKey(key, NULL, give_password, c->key_password) : NULL;
	bool good = false;

	if (!x)
		err_set(err, "%s holds no PEM certificate (-----BEGIN CERTIFICATE-----)", where);
	else if (!k)
		err_set(err, "%s holds no PEM key that can be read: it is missing, or its password is wrong", where);
	else if (!X509_check_private_key(x, k))
		err_set(err, "the key and the certificate in %s do not belong together", where);
	else
		good = in_time(x, now_ms, "the client certificate", where, err);
	X509_free(x);
	EVP_PKEY_free(k);
	ERR_clear_error();
	return good;
}

static bool
use_pem_file(struct tls *t, const struct credentials *c, int64_t now_ms, struct err *err)
{
	const char *file = c->keystore.file;
	BIO *certificate = open_file(file, err), *key = certificate ? open_file(file, err) : NULL;
	bool good = key && check_pem(certificate, key, c, file, now_ms, err);

	BIO_free(certificate);
	BIO_free(key);
	if (!good)
		return false;
	add(t, "ssl.certificate.location", file);
	add(t, "ssl.key.location", file);
	add(t, "ssl.key.password", c->key_password);
	return true;
}

/* Those of the chain behind the client's own, which was read from B. */
static void
add_rest_of_chain(struct tls *t, BIO *b)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	X509 *x;

	while ((x = PEM_read_bio_X509(b, NULL, NULL, NULL)))
		sk_X509_push(others, x);
	ERR_clear_error();
	add_chain(t, others);
	sk_X509_pop_free(others, X509_free);
}

static bool
use_pem_texts(struct tls *t, const struct credentials *c, int64_t now_ms, struct err *err)
{
	char *chain, *secret;
	BIO *certificate, *key;
	bool good;

	if (!c->key_pem)
		return err_set(err, "%s names a client certificate without its key", c->source);
	chain = unfold(c->certificate_pem);
	secret = unfold(c->key_pem);
	certificate = BIO_new_mem_buf(chain, -1);
	key = BIO_new_mem_buf(secret, -1);
	good = check_pem(certificate, key, c, c->source, now_ms, err);
	if (good) {
		add(t, "ssl.certificate.pem", chain);
		add(t, "ssl.key.pem", secret);
		add(t, "ssl.key.password", c->key_password);
		add_rest_of_chain(t, certificate);
	}
	BIO_free(certificate);
	BIO_free(key);
	free(chain);
	drop_text(secret);
	return good;
}

static bool
use_trust(struct tls *t, const struct credentials *c, int64_t now_ms, struct err *err)
{
	if (c->ca_file)
		return use_ca_file(t, c->ca_file, now_ms, err);
	if (c->ca_pem)
		return use_ca_pem(t, c->ca_pem, c->source, now_ms, err);
	return !c->truststore.file || use_truststore(t, &c->truststore, now_ms, err);
}

static bool
use_identity(struct tls *t, const struct credentials *c, int64_t now_ms, struct strings *notes, struct err *err)
{
	if (c->certificate_pem)
		return use_pem_texts(t, c, now_ms, err);
	if (c->keystore.file && c->keystore.type && strcmp(c->keystore.type, "PEM") == 0)
		return use_pem_file(t, c, now_ms, err);
	return !c->keystore.file || use_keystore(t, &c->keystore, now_ms, notes, err);
}

bool
tls_open(const struct credentials *c, int64_t now_ms, struct tls *out, struct strings *notes, struct err *err)
{
	bool ssl = strcmp(c->protocol, "SSL") == 0 || strcmp(c->protocol, "SASL_SSL") == 0;

	*out = (struct tls){0};
	add(out, "security.protocol", c->protocol);
	add(out, "sasl.mechanism", c->sasl_mechanism);
	add(out, "sasl.username", c->sasl_username);
	add(out, "sasl.password", c->sasl_password);
	add(out, "sasl.kerberos.service.name", c->sasl_service);
	if (!ssl)
		return true;
	add(out, "ssl.endpoint.identification.algorithm", c->check_hostname ? "https" : "none");
	if (use_trust(out, c, now_ms, err) && use_identity(out, c, now_ms, notes, err))
		return true;
	tls_fini(out);
	return false;
}
