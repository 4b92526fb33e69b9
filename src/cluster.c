/* SPDX-License-Identifier: MIT */
#include "cluster.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "conf/auth.h"
#include "engine/feed_topics.h"
#include "kafka/tls.h"

#include <math.h>
#include <stdlib.h>

struct cluster {
	const struct options *options;
	struct kafka_config kafka;
	struct tls tls;       /* the credentials' */
	struct strings texts; /* names and values of -X, by turns */
	struct kafka_property *properties;
	struct feed_kafka_config feed;
	const char *instance; /* group.instance.id, unless -X says it; NULL: none */
	const char *chosen;   /* instead of what the options name; NULL: none is */
	const char *topic;    /* the demo's, or the one chosen */
	char *note;           /* NULL: none */
};

/* A -X text NAME=VALUE, split; conf has checked that there is a '='. */
static void
add_pair(struct strings *texts, const char *pair)
{
	const char *equals = strchr(pair, '=');

	strings_addf(texts, "%.*s", (int)(equals - pair), pair);
	strings_add(texts, equals + 1);
}

/* The credentials' first: those of -X, behind them, win. */
static void
list_properties(struct cluster *c)
{
	size_t n = 0;

	free(c->properties);
	c->properties = xcalloc(c->tls.n + c->texts.n / 2 + 1, sizeof(*c->properties));
	for (size_t i = 0; i < c->tls.n; i++)
		c->properties[n++] = c->tls.property[i];
	if (c->instance)
		c->properties[n++] = (struct kafka_property){"group.instance.id", c->instance};
	for (size_t i = 0; i + 1 < c->texts.n; i += 2)
		c->properties[n++] = (struct kafka_property){c->texts.item[i], c->texts.item[i + 1]};
	c->kafka.properties = c->properties;
	c->kafka.n_properties = n;
}

/* What the --auth folder comes to. */
static bool
add_credentials(struct cluster *c, const struct cluster_user *user, struct err *err)
{
	struct credentials credentials = {0};
	struct auth_request request = {
		.folder = options_text(c->options, OPT_AUTH),
		.password = user->keystore_password,
		.password_file = options_text(c->options, OPT_AUTH_PASSWORD_FILE),
		.prompt = user->prompt,
	};
	bool ok;

	if (!request.folder)
		return true;
	ok = auth_read(&credentials, &request, user->warnings, err) &&
	     tls_open(&credentials, clock_wall_ms(), &c->tls, user->warnings, err);
	c->note = xstrdup(credentials.note);
	credentials_fini(&credentials);
	return ok;
}

struct cluster *
cluster_new(const struct options *o, const struct cluster_user *user, struct err *err)
{
	struct cluster *c = xcalloc(1, sizeof(*c));
	const struct strings *pairs = options_list(o, OPT_PROPERTY);

	c->options = o;
	if (!add_credentials(c, user, err)) {
		cluster_free(c);
		return NULL;
	}
	for (size_t i = 0; i < pairs->n; i++)
		add_pair(&c->texts, pairs->item[i]);
	c->kafka.brokers = options_text(o, OPT_BROKERS);
	c->kafka.prefetch_mb = (int)options_integer(o, OPT_PREFETCH_MB);
	list_properties(c);
	if (!c->kafka.brokers)
		c->kafka.brokers = kafka_property(&c->kafka, "bootstrap.servers");
	if (kafka_config_check(&c->kafka, err))
		return c;
	cluster_free(c);
	return NULL;
}

void
cluster_free(struct cluster *c)
{
	if (!c)
		return;
	tls_fini(&c->tls);
	strings_clear(&c->texts);
	free(c->properties);
	free(c->note);
	free(c);
}

const struct kafka_config *
cluster_kafka(const struct cluster *c)
{
	return &c->kafka;
}

/* From the first record to the end there is, without a group. */
static bool
reads_all(const struct options *o)
{
	return options_verb(o) == VERB_VERIFY;
}

/* What is committed, where the option does not say: auto for consume in a group and the demo. */
static enum commit_mode
commit_mode(const struct options *o, const char *group, bool demo)
{
	int chosen = options_choice(o, OPT_COMMIT);

	if (!group)
		return COMMIT_NONE;
	if (chosen >= 0)
		return (enum commit_mode)chosen;
	return demo || options_verb(o) == VERB_CONSUME ? COMMIT_AUTO : COMMIT_NONE;
}

static bool
read_only_allows(const struct options *o, const struct consumer_config *consumer, struct err *err)
{
	if (!options_flag(o, OPT_READ_ONLY) || !consumer->group)
		return true;
	return err_set(err, "--read-only: joining group %s would write to the cluster; leave out --group, "
		       "or use --watch %s", consumer->group, consumer->group);
}

/* Only what is committed record by record has a time between storing and committing. The
 * monitor may be switched to that mode later. */
static bool
fill_storing(struct cluster *c, struct err *err)
{
	double seconds = options_number(c->options, OPT_STORE_DELAY);
	const struct consumer_config *consumer = &c->feed.consumer;

	if (isnan(seconds) || reads_all(c->options))
		return true;
	if (c->feed.consumer.keeper) {
		err_set(err, "it stands for a store, and --store is one: leave out one of the two");
		return options_blame(c->options, OPT_STORE_DELAY, err);
	}
	c->feed.storing = true;
	c->feed.store_ms = (int64_t)(seconds * 1000);
	if (consumer->group && (consumer->commit == COMMIT_EACH || options_verb(c->options) == VERB_MONITOR))
		return true;
	err_set(err, "only records that are committed one by one have a time between storing and committing: "
		"use it with -G GROUP --commit each");
	return options_blame(c->options, OPT_STORE_DELAY, err);
}

/* Where to start, NULL: as the group and the policy say. A recording begins with the first record. */
static const char *
start_place(const struct options *o)
{
	const char *from = options_text(o, OPT_FROM), *seek = options_text(o, OPT_SEEK);

	if (reads_all(o))
		return NULL;
	if (options_verb(o) != VERB_RECORD)
		return seek;
	return from ? from : seek ? seek : "beginning";
}

static bool
exits_at_end(const struct options *o)
{
	return options_flag(o, OPT_EXIT_AT_END) || reads_all(o) ||
	       (options_verb(o) == VERB_RECORD && options_text(o, OPT_TO));
}

const char *const *
cluster_names(struct cluster *c, const struct cluster_demo *demo, size_t *n)
{
	const struct strings *topics = options_list(c->options, OPT_TOPIC);

	c->topic = demo ? demo->topic : c->chosen;
	*n = c->topic ? 1 : topics->n;
	return c->topic ? &c->topic : (const char *const *)topics->item;
}

void
cluster_keep(struct cluster *c, const struct keeper *keeper, const char *instance)
{
	c->feed.consumer.keeper = keeper;
	c->instance = instance;
	list_properties(c);
}

/* With no value of its own, from the demo or the options, the sentence names what is missing. */
static bool
fill_consumer(struct cluster *c, const struct cluster_demo *demo, struct consumer_config *consumer, struct err *err)
{
	const struct options *o = c->options;
	const char *seek = start_place(o);

	consumer->kafka = c->kafka;
	if (demo && demo->brokers)
		consumer->kafka.brokers = demo->brokers;
	consumer->topics = cluster_names(c, demo, &consumer->n_topics);
	consumer->group = kafka_property(&c->kafka, "group.id"); /* -X wins */
	if (!consumer->group)
		consumer->group = options_text(o, OPT_GROUP);
	if (!consumer->group && demo)
		consumer->group = demo->group;
	if (reads_all(o))
		consumer->group = NULL;
	consumer->policy = (enum policy)options_choice(o, OPT_OFFSET_RESET);
	if (reads_all(o) || options_verb(o) == VERB_RECORD || (demo && !options_given(o, OPT_OFFSET_RESET)))
		consumer->policy = POLICY_EARLIEST; /* from its first record on */
	consumer->commit = commit_mode(o, consumer->group, demo != NULL);
	consumer->exit_at_end = exits_at_end(o);
	consumer->check_crcs = reads_all(o) || options_verb(o) == VERB_RECORD || consumer->keeper;
	if (!consumer->kafka.brokers)
		return err_set(err, "no brokers: name them with -b HOST:PORT, or try exptop --demo");
	if (consumer->n_topics == 0)
		return err_set(err, "no topic: name one, as in exptop -b %s TOPIC; exptop topics -b %s lists "
			       "them", consumer->kafka.brokers, consumer->kafka.brokers);
	if (!consumer->group && !reads_all(o) && options_choice(o, OPT_COMMIT) > COMMIT_NONE) {
		err_set(err, "only a group commits: name one with -G");
		return options_blame(o, OPT_COMMIT, err);
	}
	if (seek && !seek_parse(seek, &consumer->seek, err))
		return options_blame(o, options_text(o, OPT_FROM) == seek ? OPT_FROM : OPT_SEEK, err);
	return read_only_allows(o, consumer, err);
}

struct feed *
cluster_topics(struct cluster *c)
{
	return feed_topics_new(&c->kafka, c->note);
}

void
cluster_choose(struct cluster *c, const char *topic)
{
	c->chosen = topic;
}

struct feed *
cluster_feed(struct cluster *c, const struct cluster_demo *demo, enum join join, struct err *err)
{
	const struct options *o = c->options;

	if (!fill_consumer(c, demo, &c->feed.consumer, err) || !fill_storing(c, err))
		return NULL;
	c->feed.watch = options_text(o, OPT_WATCH);
	c->feed.join = options_flag(o, OPT_JOIN) ? JOIN_ALWAYS : join;
	c->feed.note = c->note;
	c->feed.read_only = options_flag(o, OPT_READ_ONLY);
	c->feed.timeout_ms = c->feed.consumer.exit_at_end ? (int64_t)(options_number(o, OPT_TIMEOUT) * 1000) : 0;
	return feed_kafka_new(&c->feed);
}
