/* SPDX-License-Identifier: MIT */
/* Making and leaving. */
#include "base/alloc.h"
#include "kafka/consumer_inside.h"
#include "kafka/handle.h"
#include "kafka/topic.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { REJOIN_MS = 1500 }; /* how long who leaves waits for a rejoin, so that its last commit is taken */

static void
on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *list, void *opaque)
{
	(void)rk;
	assign_noted(opaque, code, list);
}

/* -X auto.offset.reset and the two of auto commit choose how we start. */
static bool
take_modes(struct consumer *c, const struct consumer_config *config, struct err *err)
{
	const char *reset = kafka_property(&config->kafka, "auto.offset.reset");
	const char *commit = kafka_property(&config->kafka, "enable.auto.commit");
	const char *store = kafka_property(&config->kafka, "enable.auto.offset.store");

	c->policy = config->policy;
	c->commit = config->commit;
	if (commit)
		c->commit = strcmp(commit, "true") == 0 ? COMMIT_AUTO : COMMIT_NONE;
	if (store && strcmp(store, "false") == 0)
		c->commit = COMMIT_NONE;
	if (!c->group)
		c->commit = COMMIT_NONE;
	if (!reset)
		return true;
	if (strcmp(reset, "earliest") == 0 || strcmp(reset, "smallest") == 0 || strcmp(reset, "beginning") == 0)
		c->policy = POLICY_EARLIEST;
	else if (strcmp(reset, "latest") == 0 || strcmp(reset, "largest") == 0 || strcmp(reset, "end") == 0)
		c->policy = POLICY_LATEST;
	else
		return err_set(err, "-X auto.offset.reset=%s: the policy is earliest or latest", reset);
	return true;
}

/* A member that crashed is missed for 6 s, not for the library's 45. */
static const struct kafka_property session[] = {
	{"session.timeout.ms", "6000"},
	{"heartbeat.interval.ms", "1500"},
	{"partition.assignment.strategy", "range"},
};

/* Offsets are ours: stored, committed and chosen by us alone. */
static const struct kafka_property forced[] = {
	{"enable.auto.commit", "false"},
	{"enable.auto.offset.store", "false"},
	{"auto.offset.reset", "error"},
	{"enable.partition.eof", "true"},
};

static bool
set_prefetch(rd_kafka_conf_t *conf, const struct kafka_config *config, struct err *err)
{
	char kbytes[32];
	const struct kafka_property queue = {"queued.max.messages.kbytes", kbytes};

	if (config->prefetch_mb == 0 || kafka_property(config, queue.name))
		return true;
	snprintf(kbytes, sizeof(kbytes), "%d", 1024 * config->prefetch_mb);
	return handle_set(conf, &queue, 1, err);
}

static rd_kafka_conf_t *
make_conf(struct consumer *c, const struct consumer_config *chosen, struct err *err)
{
	const struct kafka_config *config = &chosen->kafka;
	const struct kafka_property crcs = {"check.crcs", chosen->check_crcs ? "true" : "false"};
	const struct kafka_property group = {"group.id", c->group ? c->group : "exptop-without-a-group"};
	rd_kafka_conf_t *conf = handle_conf(config, HANDLE_LOG, err);
	bool good = conf && set_prefetch(conf, config, err);

	if (good && !kafka_property(config, crcs.name))
		good = handle_set(conf, &crcs, 1, err);
	for (size_t i = 0; good && i < sizeof(session) / sizeof(session[0]); i++)
		if (!kafka_property(config, session[i].name))
			good = handle_set(conf, &session[i], 1, err);
	if (good && handle_set(conf, &group, 1, err) &&
	    handle_set(conf, forced, sizeof(forced) / sizeof(forced[0]), err))
		return conf;
	if (conf)
		rd_kafka_conf_destroy(conf);
	return NULL;
}

static bool
make_client(struct consumer *c, const struct consumer_config *chosen, struct err *err)
{
	const struct kafka_config *config = &chosen->kafka;
	rd_kafka_conf_t *conf = make_conf(c, chosen, err);
	const char *strategy = kafka_property(config, "partition.assignment.strategy");

	if (!conf)
		return false;
	c->cooperative = strategy && strstr(strategy, "cooperative");
	c->static_member = c->group && kafka_property(config, "group.instance.id");
	c->max_poll_ms = handle_conf_number(conf, "max.poll.interval.ms");
	c->session_ms = handle_conf_number(conf, "session.timeout.ms");
	rd_kafka_conf_set_opaque(conf, c);
	c->requests = requests_new(conf);
	rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
	rd_kafka_conf_set_offset_commit_cb(conf, commit_answered);
	rd_kafka_conf_set_error_cb(conf, link_error);
	c->rk = handle_new(RD_KAFKA_CONSUMER, conf, err);
	return c->rk != NULL;
}

static void
wake_on(rd_kafka_queue_t *queue, int event)
{
	const uint64_t one = 1;

	rd_kafka_queue_io_event_enable(queue, event, &one, sizeof(one));
}

static bool
watch(struct consumer *c, int fd)
{
	struct epoll_event interest = {.events = EPOLLIN};

	return epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &interest) == 0;
}

static bool
make_fds(struct consumer *c, struct err *err)
{
	c->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	return (c->event >= 0 && c->epoll >= 0 && watch(c, c->event) && watch(c, mailbox_fd(c->answers))) ||
	       err_set(err, "the system gives no event descriptor: %s", strerror(errno));
}

static void
free_inquiry(void *q)
{
	inquiry_free(q);
}

/* All that is ours; the client, where there is one, was destroyed before. */
static void
free_memory(struct consumer *c)
{
	if (c->event >= 0)
		close(c->event);
	if (c->epoll >= 0)
		close(c->epoll);
	mailbox_free(c->answers, free_inquiry);
	table_fini(&c->table);
	requests_free(c->requests);
	free(c->batch);
	free(c->batch_rows);
	free(c->brokers);
	free(c->group);
	free(c->user);
	free(c->password);
	free(c);
}

static bool
check_names(const struct consumer_config *config, const char *group, struct err *err)
{
	if (group && !group[0])
		return err_set(err, "the group needs a name: -G GROUP");
	if (config->n_topics == 0)
		return err_set(err, "no topic is named: give one with -t TOPIC");
	for (size_t i = 0; i < config->n_topics; i++)
		if (!topic_valid(config->topics[i], err))
			return false;
	return true;
}

static char *
property_or_empty(const struct kafka_config *config, const char *name)
{
	const char *value = kafka_property(config, name);

	return xstrdup(value ? value : "");
}

struct consumer *
consumer_new(const struct consumer_config *config, struct asker *asker, const struct consumer_listener *listener,
	     void *ctx, struct err *err)
{
	const char *group = kafka_property(&config->kafka, "group.id");
	const char *brokers = kafka_property(&config->kafka, "bootstrap.servers");
	struct consumer *c;

	if (!group)
		group = config->group;
	if (!check_names(config, group, err))
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->event = c->epoll = -1;
	c->group = xstrdup(group);
	c->user = property_or_empty(&config->kafka, "sasl.username");
	c->password = property_or_empty(&config->kafka, "sasl.password");
	c->brokers = xstrdup(brokers ? brokers : config->kafka.brokers);
	c->seek = config->seek;
	c->exit_at_end = config->exit_at_end;
	c->keeper = config->keeper;
	c->generation = -1;
	c->lookup_due = INT64_MAX;
	c->asker = asker;
	c->listener = listener;
	c->ctx = ctx;
	c->answers = mailbox_new();
	table_init(&c->table, config->topics, config->n_topics);
	if (!take_modes(c, config, err) || !make_fds(c, err) || !make_client(c, config, err)) {
		free_memory(c);
		return NULL;
	}
	rd_kafka_poll_set_consumer(c->rk);
	c->queue = rd_kafka_queue_get_consumer(c->rk);
	wake_on(c->queue, c->event);
	c->batch = xcalloc(CONSUMER_BATCH, sizeof(*c->batch));
	c->batch_rows = xcalloc(CONSUMER_BATCH, sizeof(*c->batch_rows));
	return c;
}

void
consumer_start(struct consumer *c)
{
	c->started = true;
	c->group_state = c->group ? GROUP_JOINING : GROUP_NONE;
	c->joining_since = c->now;
	join_begin(c);
}

bool
consumer_watch(struct consumer *c, int fd, struct err *err)
{
	return watch(c, fd) || err_set(err, "the system watches no more descriptors: %s", strerror(errno));
}

int
consumer_fd(const struct consumer *c)
{
	return c->epoll;
}

void
consumer_leave(struct consumer *c)
{
	rd_kafka_error_t *error;
	rd_kafka_queue_t *own;

	if (c->leaving)
		return;
	consumer_release(c);
	assign_work(c);
	c->leaving = true;
	assign_settle(c);
	if (c->commit != COMMIT_NONE) {
		requests_wait_rejoin(c->requests, REJOIN_MS);
		commit_stored(c, NULL);
	}
	c->left = c->subscribed == 0;
	if (c->left)
		return;
	if (c->static_member)
		link_say(c, LOG_INFO, "a static member does not leave: its partitions wait %lld s for it",
			 (long long)(c->session_ms / 1000));
	own = rd_kafka_queue_new(c->rk); /* the consumer's own may not be forwarded to itself */
	wake_on(own, c->event);
	rd_kafka_queue_destroy(c->queue);
	c->queue = own;
	error = rd_kafka_consumer_close_queue(c->rk, own);
	c->left = error != NULL; /* after a fatal error, which was said, there is nothing left to leave */
	if (error)
		rd_kafka_error_destroy(error);
}

bool
consumer_left(struct consumer *c)
{
	if (!c->left && c->leaving)
		c->left = rd_kafka_consumer_closed(c->rk);
	return c->left;
}

bool
consumer_free(struct consumer *c)
{
	if (!c)
		return true;
	if (!consumer_left(c) || c->lost_topic || (c->subscribed > 0 && c->cooperative && !c->joined))
		return false;
	consumer_release(c);
	if (c->rebalance_list)
		rd_kafka_topic_partition_list_destroy(c->rebalance_list);
	rd_kafka_queue_destroy(c->queue);
	rd_kafka_destroy_flags(c->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	free_memory(c);
	return true;
}
