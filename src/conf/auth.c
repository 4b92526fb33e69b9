/* SPDX-License-Identifier: MIT */
#include "conf/auth.h"

#include "base/alloc.h"
#include "conf/file.h"
#include "conf/properties.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PASSWORD_BYTES = 4096, SNIFF_BYTES = 4096 };

struct reading {
	struct credentials *c;
	const struct auth_request *request;
	struct properties properties;
	char *file; /* client-ssl.properties; NULL: there is none */
	struct strings *warnings;
	struct err *err;
};

/* What is done with a property of a Java client. */
enum use {
	USE_TEXT,     /* kept as it is, unless empty */
	USE_SECRET,   /* kept as it is, empty too */
	USE_PATH,     /* a file that must be there */
	USE_PROTOCOL, /* one of four */
	USE_HOST_CHECK,
	USE_JAAS,
	USE_NOTHING /* known, and told otherwise: the type of a store by its first bytes */
};

#define FIELD(name) offsetof(struct credentials, name)
static const struct meaning {
	const char *name;
	enum use use;
	size_t field;
} meanings[] = {
	{"security.protocol", USE_PROTOCOL, FIELD(protocol)},
	{"ssl.truststore.location", USE_PATH, FIELD(truststore.file)},
	{"ssl.truststore.password", USE_SECRET, FIELD(truststore.password)},
	{"ssl.truststore.type", USE_NOTHING, 0},
	{"ssl.truststore.certificates", USE_TEXT, FIELD(ca_pem)},
	{"ssl.keystore.location", USE_PATH, FIELD(keystore.file)},
	{"ssl.keystore.password", USE_SECRET, FIELD(keystore.password)},
	{"ssl.keystore.type", USE_NOTHING, 0},
	{"ssl.keystore.certificate.chain", USE_TEXT, FIELD(certificate_pem)},
	{"ssl.keystore.key", USE_TEXT, FIELD(key_pem)},
	{"ssl.key.password", USE_SECRET, FIELD(key_password)},
	{"ssl.endpoint.identification.algorithm", USE_HOST_CHECK, 0},
	{"sasl.mechanism", USE_TEXT, FIELD(sasl_mechanism)},
	{"sasl.kerberos.service.name", USE_TEXT, FIELD(sasl_service)},
	{"sasl.jaas.config", USE_JAAS, 0},
};
#undef FIELD

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* FOLDER/NAME; NULL when it is not there. */
static char *
find_in_folder(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s", folder, name);

	if (exists(path))
		return path;
	free(path);
	return NULL;
}

static void
replace(char **field, char *text)
{
	free(*field);
	*field = text;
}

/* The file that the property means: relative to the folder; a path from another
 * machine's folder is looked for by its name here. */
static bool
take_path(struct reading *r, const struct property *p, char **field)
{
	const char *base = strrchr(p->value, '/');
	char *path = file_resolve(p->value, r->file, NULL), *here;

	if (exists(path)) {
		replace(field, path);
		return true;
	}
	here = base ? find_in_folder(r->request->folder, base + 1) : NULL;
	if (here)
		replace(field, here);
	else
		err_set(r->err, "%s:%d: %s: there is no file %s%s%s", r->file, p->line, p->name, path,
			base ? ", and none of its name in " : "", base ? r->request->folder : "");
	free(path);
	return here != NULL;
}

static bool
take_protocol(struct reading *r, const struct property *p, char **field)
{
	static const char *const protocols[] = {"PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"};

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (strcasecmp(p->value, protocols[i]) == 0) {
			replace(field, xstrdup(protocols[i]));
			return true;
		}
	return err_set(r->err, "%s:%d: %s: expected PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL, not \"%s\"", r->file,
		       p->line, p->name, p->value);
}

static bool
take_host_check(struct reading *r, const struct property *p)
{
	r->c->check_hostname = strcasecmp(p->value, "https") == 0;
	if (r->c->check_hostname || *p->value == '\0' || strcasecmp(p->value, "none") == 0)
		return true;
	return err_set(r->err, "%s:%d: %s: expected https, or nothing for no check of the server's name, not \"%s\"",
		       r->file, p->line, p->name, p->value);
}

/* The value of NAME="value" (or unquoted) among the options of a login module; NULL when it is not there. */
static char *
jaas_option(const char *jaas, const char *name)
{
	size_t n = strlen(name);
	struct buf value = {0};
	char *copy;

	for (const char *p = strstr(jaas, name); p; p = strstr(p + n, name)) {
		const char *v = p + n + strspn(p + n, " \t");
		bool quoted;

		if (p == jaas || !isspace((unsigned char)p[-1]) || *v != '=')
			continue;
		v += 1 + strspn(v + 1, " \t");
		quoted = *v == '"';
		for (v += quoted; *v && (quoted ? *v != '"' : !isspace((unsigned char)*v) && *v != ';'); v++) {
			if (quoted && *v == '\\' && v[1])
				v++;
			buf_char(&value, *v);
		}
		copy = xstrdup(buf_cstr(&value));
		explicit_bzero(value.p, value.cap);
		buf_free(&value);
		return copy;
	}
	return NULL;
}

/* "org.apache..ScramLoginModule required username="u" password="p";" */
static void
take_jaas(struct reading *r, const struct property *p)
{
	if (!strstr(p->value, "PlainLoginModule") && !strstr(p->value, "ScramLoginModule")) {
		strings_addf(r->warnings,
			     "%s:%d: of sasl.jaas.config only user name and password are taken, and this login "
			     "module has none; -X sets librdkafka's sasl.* properties",
			     r->file, p->line);
		return;
	}
	replace(&r->c->sasl_username, jaas_option(p->value, "username"));
	replace(&r->c->sasl_password, jaas_option(p->value, "password"));
}

/* Kafka's client trims every value, passwords too, by Java's notion of a blank: what comes up to the space. */
static void
trim(char *value)
{
	size_t n = strlen(value), first = 0;

	while (n > 0 && (unsigned char)value[n - 1] <= ' ')
		n--;
	while (first < n && (unsigned char)value[first] <= ' ')
		first++;
	memmove(value, value + first, n - first);
	explicit_bzero(value + n - first, first);
	value[n - first] = '\0';
}

static bool
use_property(struct reading *r, const struct property *p, const struct meaning *m)
{
	char **field = (char **)((char *)r->c + m->field);

	switch (m->use) {
	case USE_TEXT:
	case USE_SECRET:
		if (*p->value || m->use == USE_SECRET)
			replace(field, xstrdup(p->value));
		return true;
	case USE_PATH:
		return *p->value == '\0' || take_path(r, p, field);
	case USE_PROTOCOL:
		return take_protocol(r, p, field);
	case USE_HOST_CHECK:
		return take_host_check(r, p);
	case USE_JAAS:
		take_jaas(r, p);
		return true;
	case USE_NOTHING:
		break;
	}
	return true;
}

static const struct meaning *
find_meaning(const char *name)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strcmp(meanings[i].name, name) == 0)
			return &meanings[i];
	return NULL;
}

static bool
read_properties(struct reading *r)
{
	if (!properties_read(&r->properties, r->file, r->err))
		return false;
	r->c->check_hostname = true; /* what a Java client does when nothing is said */
	for (size_t i = 0; i < r->properties.n; i++) {
		const struct property *p = &r->properties.item[i];
		const struct meaning *m = find_meaning(p->name);

		trim(p->value);
		if (properties_find(&r->properties, p->name) != p)
			continue;
		if (!m)
			strings_addf(r->warnings, "%s:%d: %s is ignored; -X sets the properties of librdkafka", r->file,
				     p->line, p->name);
		else if (!use_property(r, p, m))
			return false;
	}
	return true;
}

/* The kind of a store by its first bytes; NULL when it is none. */
static const char *
store_type(const char *file)
{
	char start[SNIFF_BYTES];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, start, sizeof(start));

	if (fd >= 0)
		close(fd);
	if (n < 4)
		return NULL;
	if (memcmp(start, "\xfe\xed\xfe\xed", 4) == 0 || memcmp(start, "\xce\xce\xce\xce", 4) == 0)
		return "JKS";
	if (memmem(start, (size_t)n, "-----BEGIN ", 11))
		return "PEM";
	return start[0] == 0x30 ? "PKCS12" : NULL;
}

static void
tell_type(struct credentials_store *s)
{
	if (s->file)
		s->type = xstrdup(store_type(s->file));
}

static bool
is_type(const struct credentials_store *s, const char *type)
{
	return s->type && strcmp(s->type, type) == 0;
}

/* Of what could be trusted keep one: what the properties say, as far as it can be used, else ca.crt. */
static void
choose_trust(struct reading *r)
{
	struct credentials *c = r->c;
	char *ca = find_in_folder(r->request->folder, "ca.crt");
	bool usable = is_type(&c->truststore, "PKCS12") && c->truststore.password;

	if (c->ca_pem || is_type(&c->truststore, "PEM")) {
		if (!c->ca_pem)
			c->ca_file = xstrdup(c->truststore.file);
		replace(&c->truststore.file, NULL);
	} else if (ca && !usable) {
		if (c->truststore.file)
			strings_addf(r->warnings, "%s is no PKCS12 store whose password is said: %s is used instead",
				     c->truststore.file, ca);
		replace(&c->truststore.file, NULL);
		c->ca_file = ca;
		ca = NULL;
	}
	if (!c->truststore.file) {
		replace(&c->truststore.type, NULL);
		replace(&c->truststore.password, NULL);
	}
	free(ca);
}

static bool
password_from_file(struct reading *r, const char *file, char **out)
{
	struct buf text = {0};
	bool ok = file_read(&text, file, PASSWORD_BYTES, r->err);

	if (ok)
		*out = xstrndup(text.p, strcspn(buf_cstr(&text), "\r\n"));
	if (text.p)
		explicit_bzero(text.p, text.cap);
	buf_free(&text);
	return ok;
}

/* The password of S, where PROPERTY did not say it. */
static bool
find_password(struct reading *r, struct credentials_store *s, const char *property)
{
	const struct auth_request *q = r->request;
	struct buf typed = {0};
	bool ok;

	if (q->password) {
		s->password = xstrdup(q->password);
		return true;
	}
	if (q->password_file)
		return password_from_file(r, q->password_file, &s->password);
	ok = q->prompt && q->prompt(q->ctx, s->file, &typed);
	if (ok)
		s->password = xstrdup(buf_cstr(&typed));
	else
		err_set(r->err,
			"no password for %s: write %s into client-ssl.properties, give --auth-password-file FILE, or "
			"set EXPTOP_KEYSTORE_PASSWORD",
			s->file, property);
	if (typed.p)
		explicit_bzero(typed.p, typed.cap);
	buf_free(&typed);
	return ok;
}

/* Stores are wanted with a password; a PEM file has none, and a JKS one cannot be read anyway. */
static bool
want_password(struct reading *r, struct credentials_store *s, const char *property)
{
	if (!s->file || s->password || is_type(s, "PEM") || is_type(s, "JKS"))
		return true;
	return find_password(r, s, property);
}

static bool
find_stores(struct reading *r)
{
	struct credentials *c = r->c;

	if (!c->keystore.file && !c->key_pem)
		c->keystore.file = find_in_folder(r->request->folder, "kafka.keystore.pkcs12");
	tell_type(&c->keystore);
	tell_type(&c->truststore);
	choose_trust(r);
	if (!r->file && !c->ca_file && !c->keystore.file)
		return err_set(r->err, "%s holds none of ca.crt, kafka.keystore.pkcs12 and client-ssl.properties",
			       r->request->folder);
	if (!c->protocol)
		c->protocol = xstrdup("SSL");
	if (!strstr(c->protocol, "SSL"))
		return true;
	if (!c->keystore.password && c->key_password)
		c->keystore.password = xstrdup(c->key_password);
	if (!c->check_hostname)
		c->note = xstrdup("server name not checked");
	return want_password(r, &c->keystore, "ssl.keystore.password") &&
	       want_password(r, &c->truststore, "ssl.truststore.password");
}

static bool
is_folder(const char *folder, struct err *err)
{
	struct stat st;

	if (stat(folder, &st) < 0)
		return err_set(err, "cannot read the credentials folder %s: %s", folder, strerror(errno));
	return S_ISDIR(st.st_mode) ||
	       err_set(err, "%s is no folder: --auth wants the folder that holds the credentials", folder);
}

bool
auth_read(struct credentials *c, const struct auth_request *r, struct strings *warnings, struct err *err)
{
	struct reading reading = {.c = c, .request = r, .warnings = warnings, .err = err};
	bool ok;

	if (!is_folder(r->folder, err))
		return false;
	c->source = xstrdup(r->folder);
	reading.file = find_in_folder(r->folder, "client-ssl.properties");
	ok = (!reading.file || read_properties(&reading)) && find_stores(&reading);
	properties_fini(&reading.properties);
	free(reading.file);
	return ok;
}
