/* SPDX-License-Identifier: MIT */
#include "conf/options.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct value {
	enum option_source source;
	char *text; /* of what is no list */
	char *where;
	struct strings items, origins; /* of lists: item I came from origin I */
	enum option_source *sources;
};

struct options {
	enum verb verb;
	bool verb_named;
	struct strings words;
	struct value values[OPTION_COUNT];
};

/* Properties that are options by another name, and their values by another name (NULL: as they are). */
static const struct property_alias {
	const char *property;
	enum option_id id;
	const char *value, *meaning;
} aliases[] = {
	{"bootstrap.servers", OPT_BROKERS, NULL, NULL},
	{"metadata.broker.list", OPT_BROKERS, NULL, NULL},
	{"group.id", OPT_GROUP, NULL, NULL},
	{"auto.offset.reset", OPT_OFFSET_RESET, "smallest", "earliest"},
	{"auto.offset.reset", OPT_OFFSET_RESET, "beginning", "earliest"},
	{"auto.offset.reset", OPT_OFFSET_RESET, "largest", "latest"},
	{"auto.offset.reset", OPT_OFFSET_RESET, "end", "latest"},
	{"auto.offset.reset", OPT_OFFSET_RESET, NULL, NULL},
	{"enable.auto.commit", OPT_COMMIT, "true", "auto"},
	{"enable.auto.commit", OPT_COMMIT, "false", "none"},
};

static bool
is_list(enum option_id id)
{
	return option_row(id)->type == TYPE_LIST || option_row(id)->type == TYPE_PAIRS;
}

struct options *
options_new(void)
{
	struct options *o = xcalloc(1, sizeof(*o));

	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		o->values[id].text = xstrdup(option_row(id)->fallback);
		o->values[id].where = xstrdup("default");
	}
	return o;
}

static void
drop_items(struct value *v)
{
	strings_clear(&v->items);
	strings_clear(&v->origins);
	free(v->sources);
	v->sources = NULL;
}

void
options_free(struct options *o)
{
	if (!o)
		return;
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		free(o->values[id].text);
		free(o->values[id].where);
		drop_items(&o->values[id]);
	}
	strings_clear(&o->words);
	free(o);
}

enum verb
options_verb(const struct options *o)
{
	return o->verb;
}

bool
options_verb_named(const struct options *o)
{
	return o->verb_named;
}

void
options_set_verb(struct options *o, enum verb verb)
{
	o->verb = verb;
	o->verb_named = true;
}

const struct strings *
options_words(const struct options *o)
{
	return &o->words;
}

void
options_add_word(struct options *o, const char *word)
{
	strings_add(&o->words, word);
}

/* Items stand in the order of their sources' strength, and as they came within one. */
static void
insert_item(struct value *v, const char *text, enum option_source source, const char *where)
{
	size_t i = v->items.n;

	strings_add(&v->items, text);
	strings_add(&v->origins, where);
	v->sources = xreallocarray(v->sources, v->items.n, sizeof(*v->sources));
	for (; i > 0 && v->sources[i - 1] > source; i--) {
		char *item = v->items.item[i], *origin = v->origins.item[i];

		v->items.item[i] = v->items.item[i - 1];
		v->items.item[i - 1] = item;
		v->origins.item[i] = v->origins.item[i - 1];
		v->origins.item[i - 1] = origin;
		v->sources[i] = v->sources[i - 1];
	}
	v->sources[i] = source;
}

static void
remove_item(struct value *v, size_t i)
{
	strings_remove(&v->items, i);
	strings_remove(&v->origins, i);
	memmove(v->sources + i, v->sources + i + 1, (v->items.n - i) * sizeof(*v->sources));
}

static void
set_origin(struct value *v, enum option_source source, const char *where)
{
	char *copy = xstrdup(where); /* WHERE may be the one that goes */

	free(v->where);
	v->where = copy;
	v->source = source;
}

bool
options_set(struct options *o, enum option_id id, const char *text, enum option_source source, const char *where,
	    struct err *err)
{
	struct value *v = &o->values[id];
	bool merges = option_row(id)->type == TYPE_PAIRS;

	if (!option_check(id, text, err))
		return err_prefix(err, "%s", where);
	if (source < v->source && !merges)
		return true;
	if (is_list(id)) {
		if (source > v->source && !merges)
			drop_items(v);
		insert_item(v, text, source, where);
	} else {
		free(v->text);
		v->text = xstrdup(text);
	}
	if (source >= v->source)
		set_origin(v, source, where);
	return true;
}

/* The alias that the property "NAME=VALUE" is; NULL when it is a property only. */
static const struct property_alias *
find_alias(const char *property)
{
	struct slice name = {property, strcspn(property, "=")};
	const char *value = property + name.n + 1;

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (slice_is(name, aliases[i].property) && (!aliases[i].value || strcmp(aliases[i].value, value) == 0))
			return &aliases[i];
	return NULL;
}

/* Back to the default, unless the command line says so. */
static void
drop_weak(struct options *o, enum option_id id)
{
	struct value *v = &o->values[id];

	while (v->items.n > 0 && v->sources[0] < FROM_ARGUMENT)
		remove_item(v, 0);
	if (v->source >= FROM_ARGUMENT)
		return;
	free(v->text);
	v->text = xstrdup(option_row(id)->fallback);
	set_origin(v, FROM_DEFAULT, "default");
}

bool
options_settle(struct options *o, struct err *err)
{
	struct value *properties = &o->values[OPT_PROPERTY];
	bool ok = true;
	size_t i = 0;

	while (ok && i < properties->items.n) {
		const char *property = properties->items.item[i];
		const struct property_alias *alias = find_alias(property);
		char *where;

		if (!alias) {
			i++;
			continue;
		}
		where = xasprintf("%s %s", properties->origins.item[i], alias->property);
		ok = options_set(o, alias->id, alias->meaning ? alias->meaning : strchr(property, '=') + 1,
				 properties->sources[i], where, err);
		free(where);
		remove_item(properties, i);
	}
	if (options_flag(o, OPT_DEMO) && o->values[OPT_BROKERS].source < FROM_ARGUMENT) {
		drop_weak(o, OPT_BROKERS);
		drop_weak(o, OPT_AUTH);
		drop_weak(o, OPT_PROPERTY);
	}
	return ok;
}

bool
options_flag(const struct options *o, enum option_id id)
{
	bool on = false;

	option_parse_flag(o->values[id].text, &on);
	return on;
}

const char *
options_text(const struct options *o, enum option_id id)
{
	return o->values[id].text;
}

int64_t
options_integer(const struct options *o, enum option_id id)
{
	return o->values[id].text ? strtoll(o->values[id].text, NULL, 10) : -1;
}

double
options_number(const struct options *o, enum option_id id)
{
	return o->values[id].text ? strtod(o->values[id].text, NULL) : (double)NAN;
}

int
options_choice(const struct options *o, enum option_id id)
{
	const char *text = o->values[id].text;
	int index = 0;
	size_t n;

	if (!text)
		return -1;
	for (const char *p = option_row(id)->choices; *p; p += n + (p[n] == '|'), index++) {
		n = strcspn(p, "|");
		if (slice_is((struct slice){p, n}, text))
			return index;
	}
	return -1;
}

const struct strings *
options_list(const struct options *o, enum option_id id)
{
	return &o->values[id].items;
}

enum option_source
options_source(const struct options *o, enum option_id id)
{
	return o->values[id].source;
}

bool
options_given(const struct options *o, enum option_id id)
{
	return o->values[id].source > FROM_DEFAULT;
}

const char *
options_origin(const struct options *o, enum option_id id)
{
	return o->values[id].where;
}

const char *
options_item_origin(const struct options *o, enum option_id id, size_t i)
{
	return o->values[id].origins.item[i];
}

bool
options_blame(const struct options *o, enum option_id id, struct err *err)
{
	return err_prefix(err, "%s", o->values[id].where);
}
