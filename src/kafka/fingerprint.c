/* SPDX-License-Identifier: MIT */
#include "kafka/fingerprint.h"

enum { HASHED = 4096 };

/* FNV-1a. */
static uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ p[i]) * UINT64_C(1099511628211);
	return hash;
}

static uint64_t
hash_slice(uint64_t hash, const void *bytes, size_t n)
{
	hash = hash_bytes(hash, &n, sizeof(n));
	return hash_bytes(hash, bytes, bytes ? n < HASHED ? n : HASHED : 0);
}

struct fingerprint
fingerprint_of(const rd_kafka_message_t *m)
{
	uint64_t hash = hash_slice(UINT64_C(14695981039346656037), m->key, m->key_len);

	return (struct fingerprint){
		.offset = m->offset, .timestamp = rd_kafka_message_timestamp(m, NULL),
		.hash = hash_slice(hash, m->payload, m->len),
	};
}
