/* SPDX-License-Identifier: MIT */
#include "model/credentials.h"

#include <stdlib.h>
#include <string.h>

bool
credentials_secret(const char *property)
{
	static const char *const words[] = {"password", "secret", "jaas", "key.pem", "ssl_key", "token",
					    "oauthbearer.config"};
	size_t n = strcspn(property, "=");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (memmem(property, n, words[i], strlen(words[i])))
			return true;
	return false;
}

static void
drop_secret(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

static void
store_fini(struct credentials_store *s)
{
	free(s->file);
	free(s->type);
	drop_secret(s->password);
}

void
credentials_fini(struct credentials *c)
{
	store_fini(&c->truststore);
	store_fini(&c->keystore);
	drop_secret(c->key_pem);
	drop_secret(c->key_password);
	drop_secret(c->sasl_password);
	free(c->source);
	free(c->protocol);
	free(c->ca_file);
	free(c->ca_pem);
	free(c->certificate_pem);
	free(c->sasl_mechanism);
	free(c->sasl_username);
	free(c->sasl_service);
	free(c->note);
	*c = (struct credentials){0};
}
