/* SPDX-License-Identifier: MIT */
/*
 * The measurement_hash: a text sealed with AES-256-GCM under the course's secret
 * key, written as base64(nonce) "." base64(ciphertext and tag), without padding.
 * A struct hash holds the key; one thread at a time.
 */
#ifndef CODEC_HASH_H
#define CODEC_HASH_H

#include "base/buf.h"
#include "base/err.h"

enum { HASH_KEY = 32, HASH_NONCE = 12 };

/* The key that the reference uses where none is given: public, in its help. */
extern const char hash_default_key[HASH_KEY + 1];

struct hash;

struct hash *hash_new(const char *key, struct err *err); /* KEY: 32 characters */
void hash_free(struct hash *h);

/* Append the hash of TEXT; a NONCE must not seal two texts. */
void hash_seal(struct hash *h, struct buf *out, const unsigned char nonce[HASH_NONCE], struct slice text);

/* Whether HASH may be one: its two parts are base64, of a nonce and of no less than a tag. */
bool hash_is(struct hash *h, struct slice hash);

/* Append the text that HASH seals; false when HASH is malformed or of another key. */
bool hash_open(struct hash *h, struct buf *out, struct slice hash, struct err *err);

#endif
