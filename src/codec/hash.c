/* SPDX-License-Identifier: MIT */
#include "codec/hash.h"

#include "base/alloc.h"
#include "base/base64.h"

#include <openssl/evp.h>
#include <stdlib.h>

enum { TAG = 16, TEXT_MAX = 1 << 20 };

const char hash_default_key[HASH_KEY + 1] = "QJUHsPhnA0eiqHuJqsPgzhDozYO4f1zh";

struct hash {
	unsigned char key[HASH_KEY];
	EVP_CIPHER_CTX *ctx;
	struct buf sealed, nonce; /* scratch */
};

struct hash *
hash_new(const char *key, struct err *err)
{
	struct hash *h;

	if (strlen(key) != HASH_KEY) {
		err_set(err, "the secret key has %zu characters: it must have %d", strlen(key), HASH_KEY);
		return NULL;
	}
	h = xcalloc(1, sizeof(*h));
	memcpy(h->key, key, HASH_KEY);
	h->ctx = EVP_CIPHER_CTX_new();
	if (!h->ctx || EVP_CipherInit_ex(h->ctx, EVP_aes_256_gcm(), NULL, h->key, NULL, 1) != 1) {
		err_set(err, "libcrypto has no AES-256-GCM here");
		hash_free(h);
		return NULL;
	}
	return h;
}

void
hash_free(struct hash *h)
{
	if (!h)
		return;
	EVP_CIPHER_CTX_free(h->ctx);
	buf_free(&h->sealed);
	buf_free(&h->nonce);
	free(h);
}

static void
add_base64(struct buf *out, const void *p, size_t n)
{
	base64_encode(out, (struct slice){p, n});
	while (out->p[out->n - 1] == '=')
		out->n--;
}

void
hash_seal(struct hash *h, struct buf *out, const unsigned char nonce[HASH_NONCE], struct slice text)
{
	unsigned char *sealed;
	int n = 0, end = 0;

	buf_clear(&h->sealed);
	sealed = (unsigned char *)buf_reserve(&h->sealed, text.n + 2 * TAG);
	EVP_CipherInit_ex(h->ctx, NULL, NULL, NULL, nonce, 1);
	EVP_CipherUpdate(h->ctx, sealed, &n, (const unsigned char *)text.p, (int)text.n);
	EVP_CipherFinal_ex(h->ctx, sealed + n, &end);
	n += end;
	EVP_CIPHER_CTX_ctrl(h->ctx, EVP_CTRL_AEAD_GET_TAG, TAG, sealed + n);
	add_base64(out, nonce, HASH_NONCE);
	buf_char(out, '.');
	add_base64(out, sealed, (size_t)n + TAG);
}

/* HASH's two parts into NONCE and SEALED. */
static bool
split(struct slice hash, struct buf *nonce, struct buf *sealed)
{
	const char *dot = hash.n ? memchr(hash.p, '.', hash.n) : NULL;

	buf_clear(nonce);
	buf_clear(sealed);
	return dot && hash.n <= TEXT_MAX && base64_decode(nonce, (struct slice){hash.p, (size_t)(dot - hash.p)}) &&
	       base64_decode(sealed, (struct slice){dot + 1, hash.n - (size_t)(dot + 1 - hash.p)}) &&
	       nonce->n == HASH_NONCE && sealed->n >= TAG;
}

bool
hash_is(struct hash *h, struct slice hash)
{
	return split(hash, &h->nonce, &h->sealed);
}

bool
hash_open(struct hash *h, struct buf *out, struct slice hash, struct err *err)
{
	unsigned char *sealed, *text;
	int n = 0, end = 0;

	if (!split(hash, &h->nonce, &h->sealed))
		return err_set(err, "the hash is not two parts of base64 with a dot between them");
	sealed = (unsigned char *)h->sealed.p;
	text = (unsigned char *)buf_reserve(out, h->sealed.n);
	EVP_CipherInit_ex(h->ctx, NULL, NULL, NULL, (unsigned char *)h->nonce.p, 0);
	EVP_CipherUpdate(h->ctx, text, &n, sealed, (int)(h->sealed.n - TAG));
	EVP_CIPHER_CTX_ctrl(h->ctx, EVP_CTRL_AEAD_SET_TAG, TAG, sealed + h->sealed.n - TAG);
	if (EVP_CipherFinal_ex(h->ctx, text + n, &end) != 1)
		return err_set(err, "the hash was sealed with another key, or altered");
	out->n += (size_t)(n + end);
	return true;
}
