/* SPDX-License-Identifier: MIT */
#include "kafka/fault.h"

#include "base/buf.h"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <string.h>

#define E(name) RD_KAFKA_RESP_ERR_##name

enum { ANY = INT16_MAX };

enum when { ALWAYS, BEFORE_UP, READING, COMMITTING, WRITING };

struct rule {
	int code;
	const char *piece; /* of the library's text; NULL: any */
	enum when when;
	enum fault_verdict verdict;
	const char *sentence; /* {broker} {brokers} {topic} {group} {nearest} {limit} {text} are filled in */
};

static const struct rule rules[] = {
	{E(TOPIC_AUTHORIZATION_FAILED), NULL, WRITING, FAULT_STOP,
	 "no permission to write to topic {topic}: ask whoever runs the cluster for WRITE on it"},
	{E(CLUSTER_AUTHORIZATION_FAILED), NULL, WRITING, FAULT_STOP,
	 "no permission to write: an idempotent producer needs WRITE on a topic; ask whoever runs the cluster for it"},
	{E(UNKNOWN_TOPIC_OR_PART), NULL, WRITING, FAULT_STOP, "there is no topic {topic}{nearest}: create it first"},
	{E(_UNKNOWN_TOPIC), NULL, WRITING, FAULT_STOP, "there is no topic {topic}{nearest}: create it first"},
	{E(MSG_SIZE_TOO_LARGE), NULL, WRITING, FAULT_STOP,
	 "a message is too large for topic {topic}: message.max.bytes is {limit} here, which -X message.max.bytes=.. "
	 "changes; the brokers take what max.message.bytes of the topic says (1048588 unless set)"},
	{E(_MSG_TIMED_OUT), NULL, WRITING, FAULT_STOP,
	 "messages for topic {topic} were given up: the brokers did not confirm them within message.timeout.ms"},
	{E(INVALID_TIMESTAMP), NULL, WRITING, FAULT_STOP,
	 "the brokers do not take our timestamps for topic {topic}: is the clock here, or there, wrong?"},
	{E(_TRANSPORT), NULL, COMMITTING, FAULT_TRY_ON,
	 "group {group} took no commit: the connection to its coordinator was lost. Trying on."},
	{E(_TIMED_OUT), NULL, COMMITTING, FAULT_TRY_ON,
	 "group {group} took no commit: its coordinator did not answer in time. Trying on."},
	{E(_TRANSPORT), "Connection refused", ALWAYS, FAULT_TRY_ON,
	 "{broker} does not answer: connection refused. Is the broker running there? Trying on."},
	{E(_TRANSPORT), "No route to host", ALWAYS, FAULT_TRY_ON,
	 "{broker} cannot be reached: there is no route to it. Check --brokers and the network. Trying on."},
	{E(_TRANSPORT), "unreachable", ALWAYS, FAULT_TRY_ON,
	 "{broker} cannot be reached: no network leads there. Check the network. Trying on."},
	{E(_TRANSPORT), "timed out", ALWAYS, FAULT_TRY_ON,
	 "{broker} does not answer: no connection in time. Is a firewall between, or the broker frozen? Trying on."},
	{E(_TRANSPORT), "alert certificate expired", ALWAYS, FAULT_TRY_ON,
	 "{broker} refused our certificate: it has expired. Get a new keystore. Trying on."},
	{E(_TRANSPORT), "alert unknown ca", ALWAYS, FAULT_TRY_ON,
	 "{broker} refused our certificate: it does not know who signed it. Is the keystore for this cluster? Trying "
	 "on."},
	{E(_TRANSPORT), "alert bad certificate", ALWAYS, FAULT_TRY_ON,
	 "{broker} wants a client certificate and got none it takes. Give the credentials folder with --auth DIR, with "
	 "the keystore of this cluster. Trying on."},
	{E(_TRANSPORT), "alert certificate required", ALWAYS, FAULT_TRY_ON,
	 "{broker} wants a client certificate and got none. Give the credentials folder with --auth DIR, with a "
	 "keystore in it. Trying on."},
	{E(_TRANSPORT), "alert certificate unknown", ALWAYS, FAULT_TRY_ON,
	 "{broker} refused our certificate: it has expired, or another cluster's CA signed it. Check the keystore. "
	 "Trying on."},
	{E(_TRANSPORT), "SSL alert number", ALWAYS, FAULT_TRY_ON,
	 "{broker} ended the SSL handshake ({text}). Check the keystore. Trying on."},
	{E(_TRANSPORT), "incorrect security.protocol", BEFORE_UP, FAULT_TRY_ON,
	 "{broker} closed the connection at our first word: it may be an SSL port. Give the credentials folder with "
	 "--auth DIR, or use its plaintext port. Trying on."},
	{E(_TRANSPORT), "unexpected eof", BEFORE_UP, FAULT_TRY_ON,
	 "{broker} does not speak SSL: it hung up on the handshake. Use its SSL port, or leave out --auth. Trying on."},
	{E(_TRANSPORT), NULL, BEFORE_UP, FAULT_TRY_ON, "{broker} closed the connection ({text}). Trying on."},
	{E(_TRANSPORT), NULL, ALWAYS, FAULT_NOTE, "{broker} closed the connection; connecting again."},
	{E(_RESOLVE), NULL, ALWAYS, FAULT_TRY_ON,
	 "{broker} is no host we can find: its name has no address. Check --brokers. Trying on."},
	{E(_SSL), "certificate verify failed", ALWAYS, FAULT_TRY_ON,
	 "{broker} shows a certificate that our CA did not sign, or one for another host name. Check ca.crt, and "
	 "ssl.endpoint.identification.algorithm (empty: names are not checked). Trying on."},
	{E(_SSL), "certificate has expired", ALWAYS, FAULT_TRY_ON,
	 "{broker} shows a certificate that has expired; whoever runs the cluster must renew it. Trying on."},
	{E(_SSL), "unexpected eof", BEFORE_UP, FAULT_TRY_ON,
	 "{broker} does not speak SSL: it hung up on the handshake. Use its SSL port, or leave out --auth. Trying on."},
	{E(_SSL), "wrong version number", ALWAYS, FAULT_TRY_ON,
	 "{broker} does not speak SSL: its answer is something else. Use its SSL port, or leave out --auth. Trying "
	 "on."},
	{E(_SSL), "connecting to a PLAINTEXT broker", BEFORE_UP, FAULT_TRY_ON,
	 "{broker} does not speak SSL: it hung up on the handshake. Use its SSL port, or leave out --auth. Trying on."},
	{E(_SSL), "unexpected eof", ALWAYS, FAULT_NOTE, "{broker} closed the connection; connecting again."},
	{E(_SSL), "connecting to a PLAINTEXT broker", ALWAYS, FAULT_NOTE,
	 "{broker} closed the connection; connecting again."},
	{E(_SSL), NULL, ALWAYS, FAULT_TRY_ON, "the SSL handshake with {broker} failed ({text}). Trying on."},
	{E(_AUTHENTICATION), NULL, ALWAYS, FAULT_TRY_ON,
	 "{broker} refused our user name or password ({text}). Check the sasl.* properties. Trying on."},
	{E(SASL_AUTHENTICATION_FAILED), NULL, ALWAYS, FAULT_TRY_ON,
	 "{broker} refused our user name or password. Check the sasl.* properties. Trying on."},
	{E(_ALL_BROKERS_DOWN), NULL, ALWAYS, FAULT_TRY_ON, "no broker answers ({brokers}). Trying on."},
	{E(_TIMED_OUT), NULL, ALWAYS, FAULT_TRY_ON, "{broker} did not answer in time. Trying on."},
	{E(_TIMED_OUT_QUEUE), NULL, ALWAYS, FAULT_TRY_ON, "{broker} did not answer in time. Trying on."},
	{E(REQUEST_TIMED_OUT), NULL, ALWAYS, FAULT_TRY_ON, "{broker} did not answer in time. Trying on."},
	{E(UNKNOWN_TOPIC_OR_PART), NULL, ALWAYS, FAULT_TRY_ON,
	 "there is no topic {topic}{nearest}; waiting for it to appear."},
	{E(_UNKNOWN_TOPIC), NULL, ALWAYS, FAULT_TRY_ON,
	 "there is no topic {topic}{nearest}; waiting for it to appear."},
	{E(TOPIC_EXCEPTION), NULL, ALWAYS, FAULT_TRY_ON, "the brokers do not take {topic} as a topic's name."},
	{E(_UNKNOWN_PARTITION), NULL, ALWAYS, FAULT_NOTE, "a partition of {topic} is not there any more ({text})."},
	{E(TOPIC_AUTHORIZATION_FAILED), NULL, ALWAYS, FAULT_TRY_ON,
	 "no permission to read topic {topic}: ask whoever runs the cluster for READ and DESCRIBE on it. Trying on."},
	{E(GROUP_AUTHORIZATION_FAILED), NULL, ALWAYS, FAULT_TRY_ON,
	 "no permission to use group {group}: take another with -G, or none. Trying on."},
	{E(CLUSTER_AUTHORIZATION_FAILED), NULL, ALWAYS, FAULT_TRY_ON,
	 "no permission to ask this cluster that ({text})."},
	{E(FENCED_INSTANCE_ID), NULL, ALWAYS, FAULT_STOP,
	 "another program took our place in group {group} with the same group.instance.id; give this one its own."},
	{E(_FENCED), NULL, ALWAYS, FAULT_STOP,
	 "another program took our place in group {group} with the same group.instance.id; give this one its own."},
	{E(INCONSISTENT_GROUP_PROTOCOL), NULL, ALWAYS, FAULT_TRY_ON,
	 "the members of group {group} assign partitions another way than we do; give theirs with -X "
	 "partition.assignment.strategy=.., or take another group. Trying on."},
	{E(INVALID_SESSION_TIMEOUT), NULL, ALWAYS, FAULT_TRY_ON,
	 "the brokers do not allow our session.timeout.ms; give one within their limits with -X session.timeout.ms=.."},
	{E(GROUP_MAX_SIZE_REACHED), NULL, ALWAYS, FAULT_TRY_ON, "group {group} is full. Trying on."},
	{E(_MAX_POLL_EXCEEDED), NULL, ALWAYS, FAULT_NOTE,
	 "the group took our partitions away, because no record was taken for max.poll.interval.ms; joining again."},
	{E(ILLEGAL_GENERATION), NULL, COMMITTING, FAULT_NOTE,
	 "group {group} was reassigned before our commit arrived: those records may be read again."},
	{E(UNKNOWN_MEMBER_ID), NULL, COMMITTING, FAULT_NOTE,
	 "group {group} does not count us as a member any more: what was not committed may be read again."},
	{E(REBALANCE_IN_PROGRESS), NULL, COMMITTING, FAULT_NOTE,
	 "group {group} is being reassigned and took no commit: those records may be read again."},
	{E(ILLEGAL_GENERATION), NULL, ALWAYS, FAULT_NOTE, "group {group} was reassigned meanwhile; joining again."},
	{E(UNKNOWN_MEMBER_ID), NULL, ALWAYS, FAULT_NOTE,
	 "group {group} does not count us as a member any more; joining again."},
	{E(REBALANCE_IN_PROGRESS), NULL, ALWAYS, FAULT_NOTE, "group {group} is being reassigned; joining again."},
	{E(_WAIT_COORD), NULL, COMMITTING, FAULT_TRY_ON,
	 "group {group} takes no commit just now: its coordinator is away. Trying on."},
	{E(_WAIT_COORD), NULL, ALWAYS, FAULT_TRY_ON,
	 "no broker looks after group {group} just now: its coordinator is away. Trying on."},
	{E(COORDINATOR_NOT_AVAILABLE), NULL, ALWAYS, FAULT_TRY_ON,
	 "no broker looks after group {group} just now: its coordinator is away. Trying on."},
	{E(NOT_COORDINATOR), NULL, ALWAYS, FAULT_TRY_ON,
	 "another broker looks after group {group} from now on; looking for it. Trying on."},
	{E(COORDINATOR_LOAD_IN_PROGRESS), NULL, ALWAYS, FAULT_TRY_ON,
	 "the broker that looks after group {group} is still loading what it committed. Trying on."},
	{E(INVALID_GROUP_ID), NULL, ALWAYS, FAULT_TRY_ON,
	 "the brokers do not take {group} as a group's name: take another with -G. Trying on."},
	/* The first four bytes of an answer are its size: here they are text, or an alert of SSL. */
	{E(_BAD_MSG), "response size 1213486160", ALWAYS, FAULT_TRY_ON,
	 "{broker} is an HTTP server, not a Kafka broker. Check the port in --brokers. Trying on."},
	{E(_BAD_MSG), "response size 1397966893", ALWAYS, FAULT_TRY_ON,
	 "{broker} is an SSH server, not a Kafka broker. Check the port in --brokers. Trying on."},
	{E(_BAD_MSG), "response size 3525", ALWAYS, FAULT_TRY_ON,
	 "{broker} answers in SSL. Give the credentials folder with --auth DIR, or use its plaintext port. Trying on."},
	{E(_BAD_MSG), "Invalid response size", ALWAYS, FAULT_TRY_ON,
	 "{broker} does not answer as a Kafka broker does. Check the port in --brokers. Trying on."},
	{E(_BAD_MSG), "CRC", ALWAYS, FAULT_NOTE,
	 "records are damaged and were not taken ({text}): the broker's disk or the network damages them"},
	{E(_STATE), NULL, ALWAYS, FAULT_NOTE, "not possible just now ({text})."},
	{E(_UNSUPPORTED_FEATURE), NULL, ALWAYS, FAULT_NOTE, "this broker cannot do that ({text})."},
	{E(_NO_OFFSET), NULL, ALWAYS, FAULT_IGNORE, ""},
	{E(_PARTITION_EOF), NULL, ALWAYS, FAULT_IGNORE, ""},
	{E(_FATAL), NULL, ALWAYS, FAULT_STOP, "the Kafka client gave up: {text}"},
	{ANY, NULL, COMMITTING, FAULT_TRY_ON,
	 "group {group} took no commit ({text}): those records may be read again."},
	{ANY, NULL, READING, FAULT_TRY_ON, "topic {topic} cannot be read just now ({text}). Trying on."},
	{ANY, NULL, ALWAYS, FAULT_NOTE, "{text}"},
};

struct creation {
	const char *piece, *sentence;
};

static const struct creation creations[] = {
	{"mac verify failure", "the password of the keystore is wrong ({text})"},
	{"ssl.ca.location failed", "the CA file cannot be used ({text})"},
	{"ssl.keystore.location", "the keystore cannot be used ({text})"},
	{"ssl.certificate.location", "the client certificate cannot be used ({text})"},
	{"ssl.key.location", "the client's key cannot be used ({text})"},
	{"assignment.strategy", "partition.assignment.strategy cannot mix cooperative-sticky with others: name one"},
	{"session.timeout.ms", "session.timeout.ms and its companions do not fit together ({text})"},
	{"", "librdkafka does not start with these properties: {text}"},
};

/* The broker that TEXT speaks of, HOST:PORT as in "ssl://HOST:PORT/3: .." or "GroupCoordinator: HOST:PORT: .."; empty
 * when it names none. */
static void
broker_in(const char *text, char *out, size_t size)
{
	static const char role[] = "GroupCoordinator: ";
	const char *scheme = text ? strstr(text, "://") : NULL;
	bool coordinator = text && strncmp(text, role, sizeof(role) - 1) == 0;
	const char *start = coordinator ? text + sizeof(role) - 1 : scheme ? scheme + 3 : text;
	const char *colon = start ? strstr(start, ": ") : NULL, *space = start ? strchr(start, ' ') : NULL;
	const char *slash = start ? strchr(start, '/') : NULL, *stop = coordinator ? colon : slash;
	size_t n = stop && colon && stop <= colon && space == colon + 1 ? (size_t)(stop - start) : 0;

	if (n >= size)
		n = 0;
	memcpy(out, start ? start : "", n);
	out[n] = '\0';
}

/* "2/3 brokers are down" of a list that names more than three is not the whole truth yet. */
static bool
too_early(const char *text, const char *brokers)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	long counted = slash ? strtol(slash + 1, NULL, 10) : 0, named = 1;

	for (const char *p = brokers; p && *p; p++)
		named += *p == ',';
	return counted > 0 && counted < named;
}

static bool
applies(enum when when, const struct fault_context *context)
{
	return when == ALWAYS || (when == BEFORE_UP && !context->was_up) ||
	       (when == READING && context->doing == FAULT_READING) ||
	       (when == COMMITTING && context->doing == FAULT_COMMITTING) ||
	       (when == WRITING && context->doing == FAULT_WRITING);
}

static const struct rule *
rule_for(int code, const char *text, const struct fault_context *context)
{
	const struct rule *r = rules;

	while ((r->code != code && r->code != ANY) || (r->piece && !(text && strstr(text, r->piece))) ||
	       !applies(r->when, context))
		r++;
	return r;
}

static bool
starts(const char *p, const char *word)
{
	return strncmp(p, word, strlen(word)) == 0;
}

/* Write SENTENCE with its {words} replaced. */
static void
fill(const char *sentence, const char *text, const struct fault_context *context, struct err *out)
{
	char broker[300];
	struct buf b = {0};

	broker_in(text, broker, sizeof(broker));
	for (const char *p = sentence; *p; p++) {
		if (*p != '{') {
			buf_char(&b, *p);
			continue;
		}
		if (starts(p, "{broker}"))
			buf_str(&b, broker[0] ? broker : context->brokers ? context->brokers : "the broker");
		else if (starts(p, "{brokers}"))
			buf_str(&b, context->brokers ? context->brokers : "none is named: give --brokers");
		else if (starts(p, "{topic}"))
			buf_str(&b, context->topic ? context->topic : "of that name");
		else if (starts(p, "{group}"))
			buf_str(&b, context->group ? context->group : "of that name");
		else if (starts(p, "{limit}"))
			buf_addf(&b, "%ld", context->message_max);
		else if (starts(p, "{text}"))
			buf_str(&b, text ? text : "no reason given");
		else if (context->nearest && context->nearest[0])
			buf_addf(&b, " (did you mean %s?)", context->nearest);
		p = strchr(p, '}');
	}
	err_set(out, "%s", buf_cstr(&b));
	buf_free(&b);
}

enum fault_verdict
fault_explain(int code, const char *text, const struct fault_context *context, struct err *out)
{
	const struct rule *r = rule_for(code, text, context);

	if (code == E(GROUP_AUTHORIZATION_FAILED) && !context->group)
		return FAULT_IGNORE; /* the placeholder's: no group was joined */
	if (code == E(_ALL_BROKERS_DOWN) && too_early(text, context->brokers))
		return FAULT_IGNORE;
	fill(r->sentence, text ? text : rd_kafka_err2str((rd_kafka_resp_err_t)code), context, out);
	return r->verdict;
}

void
fault_unpromise(char *sentence)
{
	static const char *const promises[] = {" Trying on.", "; waiting for it to appear."};
	size_t n = strlen(sentence), m;

	for (size_t i = 0; i < sizeof(promises) / sizeof(promises[0]); i++) {
		m = strlen(promises[i]);
		if (n >= m && strcmp(sentence + n - m, promises[i]) == 0)
			sentence[n - m] = '\0';
	}
}

bool
fault_of_creation(const char *text, struct err *out)
{
	const struct fault_context nowhere = {0};
	const struct creation *c = creations;

	while (!strstr(text, c->piece))
		c++;
	fill(c->sentence, text, &nowhere, out);
	return false;
}
