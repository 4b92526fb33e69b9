/* SPDX-License-Identifier: MIT */
/*
 * What a credentials folder says, before anybody has opened its stores: conf
 * reads the folder into this, kafka checks it and makes client properties of
 * it. Every string is owned, NULL means "not said". Paths are as they can be
 * opened, whatever folder they were relative to.
 */
#ifndef MODEL_CREDENTIALS_H
#define MODEL_CREDENTIALS_H

#include <stdbool.h>

struct credentials_store {
	char *file;
	char *type;     /* "PKCS12", "JKS" or "PEM" by its content; NULL when it cannot be told */
	char *password; /* empty is a password, too */
};

struct credentials {
	char *source;   /* the folder, for sentences */
	char *protocol; /* "PLAINTEXT", "SSL", "SASL_PLAINTEXT" or "SASL_SSL"; never NULL once read */

	/* Whom to trust: at most one of the three; none means the system's certificates. */
	char *ca_file; /* PEM */
	char *ca_pem;  /* the certificates themselves */
	struct credentials_store truststore;

	/* Who we are: a store, or certificate and key as PEM texts, or nothing. */
	struct credentials_store keystore;
	char *certificate_pem;
	char *key_pem;
	char *key_password; /* of the key inside the store, or of key_pem */

	bool check_hostname; /* the server's name must be in its certificate */

	char *sasl_mechanism; /* "PLAIN", "SCRAM-SHA-256" .. */
	char *sasl_username;
	char *sasl_password;
	char *sasl_service; /* Kerberos service name */

	char *note; /* a lasting remark for the head: "server name not checked" */
};

/* Whether nobody should see the value of PROPERTY, which is a client's NAME or NAME=VALUE. */
bool credentials_secret(const char *property);

/* Free all strings, wiping the secret ones; C is empty then. */
void credentials_fini(struct credentials *c);

#endif
