/* SPDX-License-Identifier: MIT */
/*
 * What a measurement_hash claims, beside what was received with it. The hash seals
 * {notification_type, researcher, experiment_id, measurement_id, timestamp}; who has
 * the key can open it and compare.
 *
 * Of one hash that does not open nobody can say whether it was altered or sealed
 * with another key. Of a run one can: if any other opened, the key is the right one.
 * So the answer is WRONG_KEY until one has opened, and TAMPERED from then on.
 *
 * The sensors of a measurement carry the same hash, which is opened once: about 5 us
 * a measurement. One thread.
 */
#ifndef CODEC_CLAIM_H
#define CODEC_CLAIM_H

#include "base/err.h"
#include "model/event.h"
#include "model/rule.h"

enum claim_answer {
	CLAIM_OK,
	CLAIM_TAMPERED,  /* altered, or it claims something else than was received */
	CLAIM_WRONG_KEY, /* it does not open, and none has opened so far */
	CLAIM_MALFORMED, /* it is no hash, or what it seals is no claim */
	CLAIM_ANSWERS
};

const char *claim_answer_name(enum claim_answer answer); /* "ok", "tampered" .. */

struct claim {
	enum claim_answer answer;
	bool opened;            /* so that what follows is known */
	struct slice text;      /* what it seals, until the next call; null: did not open */
	enum range_event event; /* notification_type */
	struct err why;         /* a sentence, unless OK */
};

struct claims;

struct claims *claims_new(const char *key, struct err *err); /* 32 characters; NULL with a sentence */
void claims_free(struct claims *c);

/* Open E's hash and compare; with RESEARCHER (null: not known), too. */
void claims_check(struct claims *c, const struct event *e, struct slice researcher, struct claim *out);

/* How many were checked, by their answers as they stand now: what did not open is TAMPERED
 * in a run where others did. */
void claims_counts(const struct claims *c, int64_t counts[CLAIM_ANSWERS]);
void claims_forget(struct claims *c); /* none was checked */

#endif
