/* SPDX-License-Identifier: MIT */
#include "codec/claim.h"

#include "base/alloc.h"
#include "codec/hash.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

struct claims {
	struct hash *key;
	struct buf hash;  /* the last one */
	struct buf text;  /* what it seals */
	json_t *json;     /* the same, NULL: none, or no object */
	bool sealed;      /* it does not open */
	bool any;         /* there is a last one */
	int64_t opened;   /* so far */
	int64_t ok, other, unopened, malformed;
};

const char *
claim_answer_name(enum claim_answer answer)
{
	static const char *const names[CLAIM_ANSWERS] = {"ok", "tampered", "wrong key", "malformed"};

	return names[answer];
}

struct claims *
claims_new(const char *key, struct err *err)
{
	struct hash *opener = hash_new(key, err);
	struct claims *c;

	if (!opener)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->key = opener;
	return c;
}

void
claims_free(struct claims *c)
{
	if (!c)
		return;
	hash_free(c->key);
	buf_free(&c->hash);
	buf_free(&c->text);
	json_decref(c->json);
	free(c);
}

/* Open HASH, unless it is the last one. */
static void
open_hash(struct claims *c, struct slice hash)
{
	if (c->any && slice_eq(hash, (struct slice){c->hash.p, c->hash.n}))
		return;
	c->any = true;
	buf_clear(&c->hash);
	buf_slice(&c->hash, hash);
	buf_clear(&c->text);
	json_decref(c->json);
	c->json = NULL;
	c->sealed = hash_is(c->key, hash);
	if (!c->sealed || !hash_open(c->key, &c->text, hash, NULL))
		return;
	c->sealed = false;
	c->opened++;
	c->json = json_loadb(c->text.n ? c->text.p : "", c->text.n, 0, NULL);
}

static struct slice
text_of(const json_t *claim, const char *name)
{
	const json_t *value = json_object_get(claim, name);

	return json_is_string(value) ? (struct slice){json_string_value(value), json_string_length(value)}
				     : (struct slice){0};
}

static bool
says(const json_t *claim, const char *name, struct slice received, struct err *why)
{
	struct slice text = text_of(claim, name);

	if (!text.p)
		return err_set(why, "what the hash seals has no %s", name);
	if (slice_eq(text, received))
		return true;
	return err_set(why, "the hash claims the %s %.*s", name, text.n < 100 ? (int)text.n : 100, text.p);
}

static bool
read_event(const json_t *claim, enum range_event *event, struct err *why)
{
	const json_t *type = json_object_get(claim, "notification_type");
	struct slice name = text_of(claim, "notification_type");

	if (json_is_null(type)) {
		*event = RANGE_NONE;
		return true;
	}
	for (int e = RANGE_STABILIZED; e <= RANGE_OUT; e++)
		if (name.p && slice_is(name, range_event_name((enum range_event)e))) {
			*event = (enum range_event)e;
			return true;
		}
	return err_set(why, "what the hash seals has no notification_type that is null, Stabilized or OutOfRange");
}

/* Both were printed from one double, shortest: equal, or of different instants. */
static bool
says_time(const json_t *claim, double received, struct err *why)
{
	const json_t *time = json_object_get(claim, "timestamp");

	if (!json_is_number(time))
		return err_set(why, "what the hash seals has no timestamp");
	if (json_number_value(time) == received)
		return true;
	return err_set(why, "the hash claims the timestamp %.6f", json_number_value(time));
}

/* What was opened: MALFORMED where it is no claim, TAMPERED where it is one of something else. */
static enum claim_answer
compare(struct claims *c, const struct event *e, struct slice researcher, struct claim *out)
{
	bool whole = json_is_object(c->json) && read_event(c->json, &out->event, &out->why) &&
		     text_of(c->json, "researcher").p && text_of(c->json, "experiment_id").p &&
		     text_of(c->json, "measurement_id").p && json_is_number(json_object_get(c->json, "timestamp"));

	if (!whole) {
		if (!out->why.text[0])
			err_set(&out->why, "what the hash seals is not the claim of a measurement");
		return CLAIM_MALFORMED;
	}
	if (says(c->json, "experiment_id", e->experiment, &out->why) &&
	    says(c->json, "measurement_id", e->measurement, &out->why) && says_time(c->json, e->time, &out->why) &&
	    (!researcher.p || says(c->json, "researcher", researcher, &out->why)))
		return CLAIM_OK;
	return CLAIM_TAMPERED;
}

static enum claim_answer
answer(struct claims *c, const struct event *e, struct slice researcher, struct claim *out)
{
	if (c->sealed) {
		c->unopened++;
		err_set(&out->why, c->opened ? "the hash was altered: others open with this key"
					     : "the hash was sealed with another key, or altered");
		return c->opened ? CLAIM_TAMPERED : CLAIM_WRONG_KEY;
	}
	if (c->text.n == 0) {
		c->malformed++;
		err_set(&out->why, "the hash is not two parts of base64 with a dot between them");
		return CLAIM_MALFORMED;
	}
	out->opened = true;
	out->text = (struct slice){c->text.p, c->text.n};
	out->answer = compare(c, e, researcher, out);
	c->ok += out->answer == CLAIM_OK;
	c->other += out->answer == CLAIM_TAMPERED;
	c->malformed += out->answer == CLAIM_MALFORMED;
	return out->answer;
}

void
claims_check(struct claims *c, const struct event *e, struct slice researcher, struct claim *out)
{
	*out = (struct claim){.event = RANGE_PERHAPS};
	open_hash(c, e->hash);
	out->answer = answer(c, e, researcher, out);
}

void
claims_counts(const struct claims *c, int64_t counts[CLAIM_ANSWERS])
{
	counts[CLAIM_OK] = c->ok;
	counts[CLAIM_TAMPERED] = c->other + (c->opened ? c->unopened : 0);
	counts[CLAIM_WRONG_KEY] = c->opened ? 0 : c->unopened;
	counts[CLAIM_MALFORMED] = c->malformed;
}

void
claims_forget(struct claims *c)
{
	c->ok = c->other = c->unopened = c->malformed = 0;
	c->opened = 0;
}
