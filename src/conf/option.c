/* SPDX-License-Identifier: MIT */
#include "conf/option.h"

#include "base/alloc.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

enum {
	MONITOR = VERB_BIT(VERB_MONITOR),
	CONSUME = VERB_BIT(VERB_CONSUME),
	BROKER = VERB_BIT(VERB_BROKER),
	PRODUCE = VERB_BIT(VERB_PRODUCE),
	TOPICS = VERB_BIT(VERB_TOPICS),
	GROUPS = VERB_BIT(VERB_GROUPS),
	PRODUCER = VERB_BIT(VERB_EXPERIMENT_PRODUCER),
	PLAN = VERB_BIT(VERB_PLAN),
	RATE = VERB_BIT(VERB_RATE),
	RECORD = VERB_BIT(VERB_RECORD),
	REPLAY = VERB_BIT(VERB_REPLAY),
	REPORT = VERB_BIT(VERB_REPORT),
	VERIFY = VERB_BIT(VERB_VERIFY),
	READERS = MONITOR | CONSUME,
	RUNNERS = READERS | BROKER | GROUPS,
	MAKERS = PRODUCE | TOPICS, /* of topics */
	CLIENTS = READERS | MAKERS | GROUPS | RECORD | REPLAY | VERIFY,
	PICTURES = MONITOR | RATE,
	ALL = RUNNERS | CLIENTS | PLAN | RATE | REPORT | PRODUCER
};

/* `exptop config` takes the options of all verbs of exptop: it is in no row. */
static const struct option options[OPTION_COUNT] = {
	[OPT_BROKERS] = {
		.name = "brokers", .letter = 'b', .metavar = "LIST", .type = TYPE_TEXT,
		.verbs = CLIENTS | PRODUCER, .section = SECTION_CLUSTER,
		.help = "the brokers to ask first: HOST:PORT, separated by commas",
		.example = "localhost:9092",
	},
	[OPT_AUTH] = {
		.name = "auth", .metavar = "DIR", .type = TYPE_PATH,
		.verbs = CLIENTS | PRODUCER, .section = SECTION_CLUSTER,
		.help = "credentials folder with any of ca.crt, kafka.keystore.pkcs12 and client-ssl.properties; SSL "
			"follows from it",
		.example = "auth",
		.variants = {{PRODUCER, "DIR",
			"credentials folder with any of ca.crt, kafka.keystore.pkcs12 and client-ssl.properties "
			"(default: auth, else experiment-producer/auth, unless --no-ssl)"}},
	},
	[OPT_AUTH_PASSWORD_FILE] = {
		.name = "auth-password-file", .metavar = "FILE", .type = TYPE_PATH,
		.verbs = CLIENTS | PRODUCER, .section = SECTION_CLUSTER,
		.help = "the keystore's password is the first line of FILE, unless client-ssl.properties or "
			"EXPTOP_KEYSTORE_PASSWORD say it",
		.example = "auth/password",
	},
	[OPT_NO_SSL] = {
		.name = "no-ssl", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_CLUSTER,
		.help = "speak to the brokers in the clear, without credentials",
	},
	[OPT_PROPERTY] = {
		.name = "property", .letter = 'X', .metavar = "PROP=VALUE", .type = TYPE_PAIRS,
		.verbs = CLIENTS | PRODUCER, .section = SECTION_CLUSTER,
		.help = "a property of librdkafka; may repeat, and wins over everything else",
		.example = "socket.keepalive.enable=true",
	},
	[OPT_TIMEOUT] = {
		.name = "timeout", .metavar = "S", .type = TYPE_NUMBER, .fallback = "15", .least = 0.1, .most = 86400,
		.verbs = CLIENTS | PRODUCER, .section = SECTION_CLUSTER,
		.help = "with --exit-at-end: fail when no usable broker is found within S seconds",
		.variants = {
			{MAKERS | REPLAY | VERIFY | PRODUCER, "S",
				"fail when no usable broker is found within S seconds"},
			{GROUPS, "S", "wait at most S seconds for an answer, and with list for all lags"},
		},
	},
	[OPT_READ_ONLY] = {
		.name = "read-only", .type = TYPE_FLAG, .fallback = "false",
		.verbs = CLIENTS, .section = SECTION_CLUSTER,
		.help = "write nothing to a cluster: what would join, commit, reset, produce or create is refused",
	},
	[OPT_TOPIC] = {
		.name = "topic", .letter = 't', .metavar = "TOPIC", .type = TYPE_LIST,
		.verbs = RUNNERS | PRODUCE | RECORD | REPLAY | VERIFY | PRODUCER, .section = SECTION_READING,
		.help = "a topic; may repeat where topics are read, and topics may be plain arguments, too",
		.example = "experiments",
		.variants = {
			{BROKER, "NAME:PARTITIONS", "create this topic; may repeat"},
			{GROUPS, "TOPIC", "reset: only this topic; may repeat"},
			{PRODUCER, "TOPIC", "the topic that is written to (default experiment)"},
			{REPLAY, "TOPIC", "the topic that is written to"},
		},
	},
	[OPT_OFFSET_RESET] = {
		.name = "offset-reset", .letter = 'o', .type = TYPE_CHOICE, .choices = "latest|earliest",
		.fallback = "latest", .verbs = READERS, .section = SECTION_READING,
		.help = "policy where there is no committed offset",
	},
	[OPT_SEEK] = {
		.name = "seek", .metavar = "PLACE", .type = TYPE_TEXT,
		.verbs = READERS | RECORD, .section = SECTION_READING,
		.help = "start here whatever is committed: beginning, end, offset N, -N (N offsets before the end) or "
			"@TIME (Unix seconds or RFC 3339)",
		.example = "beginning",
	},
	[OPT_FROM] = {
		.name = "from", .metavar = "PLACE", .type = TYPE_TEXT, .unset = "beginning",
		.verbs = RECORD | REPLAY, .flags = NOT_IN_FILE | NOT_IN_ENVIRONMENT, .section = SECTION_READING,
		.help = "start here: beginning, end, offset N, -N (N offsets before the end) or @TIME (Unix seconds "
			"or RFC 3339)",
		.variants = {{REPLAY, "PLACE",
			"start here: offset N, @TIME (Unix seconds or RFC 3339), or +SECONDS after the first record"}},
	},
	[OPT_TO] = {
		.name = "to", .metavar = "PLACE", .type = TYPE_TEXT,
		.verbs = GROUPS | RECORD | REPLAY, .flags = NOT_IN_FILE | NOT_IN_ENVIRONMENT,
		.section = SECTION_READING,
		.help = "reset: the group goes on at beginning, end, offset N, -N (N offsets before the end) or @TIME "
			"(Unix seconds or RFC 3339)",
		.example = "end",
		.variants = {
			{RECORD, "PLACE", "end before offset N or before @TIME (Unix seconds or RFC 3339), at the "
				"latest at the end there is now"},
			{REPLAY, "PLACE", "end before offset N, before @TIME (Unix seconds or RFC 3339), or +SECONDS "
				"after the first record"},
		},
	},
	[OPT_EXIT_AT_END] = {
		.name = "exit-at-end", .letter = 'e', .type = TYPE_FLAG, .fallback = "false",
		.verbs = READERS | RECORD, .section = SECTION_READING,
		.help = "end at the end offsets that stood when each partition was first assigned",
	},
	[OPT_COUNT] = {
		.name = "count", .letter = 'n', .metavar = "N", .type = TYPE_INTEGER, .least = 1, .most = 1e12,
		.verbs = READERS | RECORD | REPLAY, .section = SECTION_READING,
		.help = "end after N records",
		.example = "1000",
	},
	[OPT_SECONDS] = {
		.name = "seconds", .metavar = "N", .type = TYPE_NUMBER, .least = 0.001, .most = 1e9,
		.verbs = RUNNERS | RECORD | REPLAY | RATE | PRODUCER, .section = SECTION_READING,
		.help = "end after N seconds",
		.example = "60",
		.variants = {{GROUPS, "N", "describe: look on for N seconds and say how fast it reads"}},
	},
	[OPT_PREFETCH_MB] = {
		.name = "prefetch-mb", .metavar = "MIB", .type = TYPE_INTEGER, .fallback = "64",
		.least = 1, .most = 2047, .verbs = READERS | RECORD | VERIFY, .section = SECTION_READING,
		.help = "memory for records fetched ahead, in MiB",
	},
	[OPT_GROUP] = {
		.name = "group", .letter = 'G', .metavar = "ID", .type = TYPE_TEXT, .unset = "no group is joined",
		.verbs = READERS, .section = SECTION_GROUP,
		.help = "join this consumer group; random: a new one of that kind",
		.example = "experiments-readers",
	},
	[OPT_COMMIT] = {
		.name = "commit", .type = TYPE_CHOICE, .choices = "none|auto|each",
		.unset = "auto for consume --group, else none", .verbs = READERS, .section = SECTION_GROUP,
		.help = "commit nothing, what was read every 5 s and on leaving, or each record before the next",
		.example = "auto",
	},
	[OPT_STORE_DELAY] = {
		.name = "store-delay", .metavar = "S", .type = TYPE_NUMBER, .least = 0, .most = 86400,
		.verbs = READERS, .section = SECTION_GROUP,
		.help = "with --commit each: storing a record takes S seconds, then it is committed; the steps are "
			"told",
		.example = "10",
	},
	[OPT_STORE] = {
		.name = "store", .metavar = "FILE", .type = TYPE_LIST,
		.verbs = READERS | VERIFY, .section = SECTION_GROUP,
		.help = "keep every record, and the averages and range events that follow, in this SQLite file, each "
			"once, and go on where it ends",
		.example = "run.db",
		.variants = {{VERIFY, "FILE",
			"compare what is in this store instead of a topic; may repeat: those of a group's members are "
			"united"}},
	},
	[OPT_JOIN] = {
		.name = "join", .type = TYPE_FLAG, .fallback = "false",
		.verbs = MONITOR, .section = SECTION_GROUP,
		.help = "join a group without asking, even if members of other programs lose partitions to us",
	},
	[OPT_WATCH] = {
		.name = "watch", .metavar = "GROUP", .type = TYPE_TEXT,
		.verbs = MONITOR, .section = SECTION_GROUP,
		.help = "show this group's committed offsets, lag and members without ever joining it",
		.example = "experiments-readers",
	},
	[OPT_DRY_RUN] = {
		.name = "dry-run", .type = TYPE_FLAG, .fallback = "false",
		.verbs = GROUPS | PRODUCER, .flags = NOT_IN_FILE | NOT_IN_ENVIRONMENT, .section = SECTION_GROUP,
		.help = "reset: say what it would do, and commit nothing",
		.variants = {{PRODUCER, NULL,
			"check options, files and credentials, say what would be run, and end"}},
	},
	[OPT_DEMO] = {
		.name = "demo", .type = TYPE_FLAG, .fallback = "false",
		.verbs = MONITOR, .section = SECTION_SOURCE,
		.help = "run experiments against an embedded broker and watch them; with --brokers: against that "
			"cluster",
	},
	[OPT_LOAD] = {
		.name = "load", .metavar = "FILE", .type = TYPE_PATH, .unset = "the installed demo.json",
		.verbs = MONITOR, .section = SECTION_SOURCE,
		.help = "the experiments that --demo runs, as JSON",
		.example = "loads/2.json",
	},
	[OPT_REPLAY] = {
		.name = "replay", .metavar = "FILE", .type = TYPE_PATH,
		.verbs = READERS | VERIFY, .section = SECTION_SOURCE,
		.help = "show a recording instead of a cluster: a record a line, as JSON",
		.example = "run.jsonl",
		.variants = {
			{CONSUME, "FILE", "print a recording instead of a topic; - is standard input"},
			{VERIFY, "FILE", "compare a recording instead of a topic"},
		},
	},
	[OPT_SPEED] = {
		.name = "speed", .metavar = "X", .type = TYPE_TEXT, .unset = "1 for replay, else max",
		.verbs = MONITOR | REPLAY, .section = SECTION_SOURCE,
		.help = "play a recording X times as fast as it was recorded; 0 or max: as fast as it goes",
		.example = "10",
	},
	[OPT_INDEX_MB] = {
		.name = "index-mb", .metavar = "MIB", .type = TYPE_INTEGER, .fallback = "512", .least = 1,
		.most = 65536, .verbs = MONITOR | REPLAY, .section = SECTION_SOURCE,
		.help = "memory for the times of a recording's records, about 50,000 a MiB; what lies beyond is not "
			"played",
	},
	[OPT_BY_KEY] = {
		.name = "by-key", .type = TYPE_FLAG, .fallback = "false",
		.verbs = REPLAY, .flags = ONLY_ARGUMENT, .section = SECTION_SOURCE,
		.help = "write a record to the partition that its key belongs to, not to that it had",
	},
	[OPT_OUTPUT] = {
		.name = "output", .letter = 'O', .metavar = "FILE", .type = TYPE_PATH,
		.verbs = RECORD | REPORT, .flags = NOT_IN_FILE | NOT_IN_ENVIRONMENT, .section = SECTION_SOURCE,
		.help = "write to this file; - is standard output",
	},
	[OPT_FORCE] = {
		.name = "force", .type = TYPE_FLAG, .fallback = "false",
		.verbs = RECORD | REPORT, .flags = NOT_IN_FILE | NOT_IN_ENVIRONMENT, .section = SECTION_SOURCE,
		.help = "overwrite a file that is there already",
	},
	[OPT_LOG] = {
		.name = "log", .metavar = "FILE", .type = TYPE_LIST,
		.verbs = MONITOR | VERIFY, .flags = ONLY_ARGUMENT, .section = SECTION_SOURCE,
		.help = "the ground-truth log of a producer, to compare with on screen 6; may repeat",
		.variants = {{VERIFY, "FILE", "the ground-truth log of a producer; may repeat, and plain arguments "
			"behind the topic are logs, too"}},
	},
	[OPT_ARRIVAL] = {
		.name = "arrival", .type = TYPE_FLAG, .fallback = "false",
		.verbs = RECORD, .flags = ONLY_ARGUMENT, .section = SECTION_SOURCE,
		.help = "keep when each record came, too: a report then shows how fast they were consumed",
	},
	[OPT_CHARTS] = {
		.name = "charts", .metavar = "N", .type = TYPE_INTEGER, .fallback = "50", .least = 0, .most = 1000,
		.verbs = REPORT, .section = SECTION_SOURCE,
		.help = "draw the N experiments with the most events; the others stand in the table only",
	},
	[OPT_PRODUCER_CONNECTION] = {
		.name = "producer-connection", .metavar = "HOST:PORT", .type = TYPE_LIST,
		.verbs = PICTURES, .section = SECTION_PRODUCTION,
		.help = "show what the experiment-producer whose metrics page is at HOST:PORT makes; may repeat",
		.example = "localhost:3001",
		.variants = {{RATE, "HOST:PORT",
			"look at the metrics page of this experiment-producer; may repeat (default: all that answer "
			"on localhost:3001-3020)"}},
	},
	[OPT_PLAN] = {
		.name = "plan", .metavar = "FILE", .type = TYPE_PATH,
		.verbs = PICTURES, .section = SECTION_PRODUCTION,
		.help = "show the rate that this loads file plans, from a producer's first event on; without "
			"--producer-connection of those that answer on localhost:3001-3020",
		.example = "loads/2.json",
		.variants = {{RATE, "FILE",
			"show the rate that this loads file plans, too, from a producer's first event on"}},
	},
	[OPT_INTERVAL] = {
		.name = "interval", .metavar = "S", .type = TYPE_NUMBER, .fallback = "1", .least = 0.1, .most = 3600,
		.verbs = PICTURES, .section = SECTION_SCREEN,
		.help = "seconds between two pictures, or two lines of text",
	},
	[OPT_TEXT] = {
		.name = "text", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PICTURES, .section = SECTION_SCREEN,
		.help = "lines of text instead of the screen",
	},
	[OPT_ASCII] = {
		.name = "ascii", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PICTURES, .section = SECTION_SCREEN,
		.help = "draw with ASCII characters only",
	},
	[OPT_NO_COLOR] = {
		.name = "no-color", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PICTURES, .section = SECTION_SCREEN,
		.help = "no colours; the variable NO_COLOR does the same",
	},
	[OPT_MAX_EXPERIMENTS] = {
		.name = "max-experiments", .metavar = "N", .type = TYPE_INTEGER, .fallback = "200000", .least = 1,
		.most = 100000000, .verbs = MONITOR | REPORT | VERIFY, .section = SECTION_SCREEN,
		.help = "keep N experiments apart; above that, those silent for longest are counted together",
		.variants = {{VERIFY, "N",
			"remember N experiments; above that, those silent for longest are forgotten"}},
	},
	[OPT_MAX_MEMORY] = {
		.name = "max-memory", .metavar = "MIB", .type = TYPE_INTEGER, .fallback = "256", .least = 1,
		.most = 1048576, .verbs = VERIFY, .section = SECTION_SCREEN,
		.help = "memory for what is not compared yet; above that, who was silent for longest is given up",
	},
	[OPT_SCRIPT] = {
		.name = "script", .metavar = "FILE", .type = TYPE_PATH,
		.verbs = MONITOR, .section = SECTION_SCREEN,
		.help = "play the keys in FILE and write the screens it asks for to files, for tests",
		.example = "keys",
	},
	[OPT_FORMAT] = {
		.name = "format", .type = TYPE_CHOICE, .choices = "python|json|raw|none", .fallback = "python",
		.verbs = CONSUME, .section = SECTION_PRINT,
		.help = "how records are printed: as Python prints them, an object a line, the bytes as they are, "
			"not at all",
	},
	[OPT_SUMMARY] = {
		.name = "summary", .type = TYPE_FLAG, .fallback = "false",
		.verbs = CONSUME, .section = SECTION_PRINT,
		.help = "end with a line of JSON: records, decoded, undecodable, bytes, seconds, records_per_s",
	},
	[OPT_CHECK_NAMES] = {
		.name = "check-names", .type = TYPE_FLAG, .fallback = "false",
		.verbs = READERS, .section = SECTION_PRINT,
		.help = "read the record_name header of every record, also where only counting needs none (slower)",
	},
	[OPT_JSON] = {
		.name = "json", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PLAN | RATE | TOPICS | GROUPS | VERIFY, .section = SECTION_PRINT,
		.help = "print JSON, for programs, instead of text",
	},
	[OPT_KEY] = {
		.name = "key", .metavar = "KEY", .type = TYPE_TEXT, .fallback = "1",
		.verbs = PRODUCE, .flags = MAY_BE_EMPTY, .section = SECTION_PRODUCE,
		.help = "the key of every record; empty: none",
	},
	[OPT_KEY_INCREMENT] = {
		.name = "key-increment", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PRODUCE, .section = SECTION_PRODUCE,
		.help = "the keys are 0, 1, 2 and so on, a line each",
	},
	[OPT_KEY_DELIM] = {
		.name = "key-delim", .metavar = "C", .type = TYPE_TEXT,
		.verbs = PRODUCE, .section = SECTION_PRODUCE,
		.help = "a line is its key, the character C (\\t: a tab) and its value",
		.example = ":",
	},
	[OPT_TOMBSTONES] = {
		.name = "tombstones", .letter = 'Z', .type = TYPE_FLAG, .fallback = "false",
		.verbs = PRODUCE, .section = SECTION_PRODUCE,
		.help = "a line with an empty value is a tombstone, a record without a value, not one with an empty "
			"value",
	},
	[OPT_HEADER] = {
		.name = "header", .metavar = "NAME=VALUE", .type = TYPE_LIST,
		.verbs = PRODUCE, .section = SECTION_PRODUCE,
		.help = "a header of every record; may repeat",
		.example = "record_name=note",
	},
	[OPT_CREATE] = {
		.name = "create", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PRODUCE | REPLAY, .section = SECTION_PRODUCE,
		.help = "create the topic when it is missing",
	},
	[OPT_PARTITIONS] = {
		.name = "partitions", .metavar = "N", .type = TYPE_INTEGER, .fallback = "16", .least = 1,
		.most = 100000, .verbs = MAKERS | REPLAY, .section = SECTION_PRODUCE,
		.help = "partitions of a topic that is created",
	},
	[OPT_REPLICATION] = {
		.name = "replication", .metavar = "N", .type = TYPE_INTEGER, .least = 1, .most = 1000,
		.unset = "as the brokers do by default", .verbs = MAKERS | REPLAY, .section = SECTION_PRODUCE,
		.help = "replicas of each partition of a topic that is created",
		.example = "3",
	},
	[OPT_CONFIG_FILE] = {
		.name = "config-file", .metavar = "FILE", .type = TYPE_PATH,
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "run the experiments of this loads file, a JSON array with an object each; without: one "
			"experiment, as the options below say",
	},
	[OPT_NUM_SENSORS] = {
		.name = "num-sensors", .metavar = "N", .type = TYPE_INTEGER, .fallback = "2", .least = 1, .most = 10000,
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "sensors, each of which is a message a sample",
	},
	[OPT_SAMPLE_RATE] = {
		.name = "sample-rate", .metavar = "MS", .type = TYPE_INTEGER, .fallback = "1000",
		.least = 1, .most = 86400000, .verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "milliseconds from one sample to the next",
	},
	[OPT_STABILIZATION_SAMPLES] = {
		.name = "stabilization-samples", .metavar = "N", .type = TYPE_INTEGER, .fallback = "2",
		.least = 0, .most = 1e9, .verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "samples on the way to the middle of the range",
	},
	[OPT_CARRY_OUT_SAMPLES] = {
		.name = "carry-out-samples", .metavar = "N", .type = TYPE_INTEGER, .fallback = "20",
		.least = 0, .most = 1e9, .verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "samples from then on, a random walk",
	},
	[OPT_START_TEMPERATURE] = {
		.name = "start-temperature", .metavar = "C", .type = TYPE_NUMBER, .fallback = "16",
		.least = -1e6, .most = 1e6, .verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "temperature at the start, Celsius",
	},
	[OPT_LOWER_THRESHOLD] = {
		.name = "lower-threshold", .metavar = "C", .type = TYPE_NUMBER, .fallback = "25.5",
		.least = -1e6, .most = 1e6, .verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "lower end of the temperature range, Celsius",
	},
	[OPT_UPPER_THRESHOLD] = {
		.name = "upper-threshold", .metavar = "C", .type = TYPE_NUMBER, .fallback = "26.5",
		.least = -1e6, .most = 1e6, .verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "upper end of the temperature range, Celsius",
	},
	[OPT_SECRET_KEY] = {
		.name = "secret-key", .metavar = "KEY", .type = TYPE_TEXT,
		.fallback = "QJUHsPhnA0eiqHuJqsPgzhDozYO4f1zh",
		.verbs = MONITOR | VERIFY | PRODUCER, .section = SECTION_EXPERIMENT,
		.help = "the 32 characters that seal each measurement_hash",
		.variants = {{VERIFY, "KEY", "the 32 characters that sealed each measurement_hash"}},
	},
	[OPT_SECRET_KEY_FILE] = {
		.name = "secret-key-file", .metavar = "FILE", .type = TYPE_PATH,
		.verbs = MONITOR | VERIFY | PRODUCER, .section = SECTION_EXPERIMENT,
		.help = "the secret key is the first line of FILE, so that no list of processes shows it",
		.example = "auth/secret-key",
	},
	[OPT_SEED] = {
		.name = "seed", .metavar = "N", .type = TYPE_INTEGER, .least = 0, .most = 9007199254740991,
		.unset = "another one each time",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_EXPERIMENT,
		.help = "the same N gives the same ids and temperatures again",
	},
	[OPT_TOPIC_DOCUMENT] = {
		.name = "topic-document", .metavar = "TOPIC", .type = TYPE_TEXT, .unset = "none are written",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_SENDING,
		.help = "write the document of each experiment that has ended to this topic",
	},
	[OPT_ACKS] = {
		.name = "acks", .type = TYPE_CHOICE, .choices = "all|1|0", .fallback = "all",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_SENDING,
		.help = "which replicas confirm a message; with 1 and 0 duplicates and another order are possible",
	},
	[OPT_MAX_RATE] = {
		.name = "max-rate", .metavar = "N", .type = TYPE_NUMBER, .least = 0.001, .most = 1e9,
		.unset = "as the experiments ask",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_SENDING,
		.help = "send at most N messages a second, late where the experiments ask for more",
	},
	[OPT_TIME_SCALE] = {
		.name = "time-scale", .metavar = "X", .type = TYPE_NUMBER, .fallback = "1", .least = 0.001, .most = 1e6,
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_SENDING,
		.help = "run X times as fast; timestamps are those of the run at its own pace, the last one now",
	},
	[OPT_TERMINATE_ON_EXIT] = {
		.name = "terminate-on-exit", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_SENDING,
		.help = "when ended before the experiments have: write that those that run are terminated",
	},
	[OPT_METRICS] = {
		.name = "metrics", .metavar = "ADDR[:PORT]", .type = TYPE_TEXT,
		.unset = "the first free port of 127.0.0.1:3001 to 3020; none serves none",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_WITNESS,
		.help = "serve the counters as OpenMetrics at http://ADDR:PORT/metrics",
	},
	[OPT_FILE_SUBSCRIBER] = {
		.name = "file-subscriber", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_WITNESS,
		.help = "write what every experiment does to logs/producer.json.log.YYYY-MM-DD",
	},
	[OPT_LOG_LEVEL] = {
		.name = "log-level", .type = TYPE_CHOICE, .choices = "off|error|warn|info|debug|trace",
		.unset = "as RUST_LOG says, else debug",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_WITNESS,
		.help = "how much --file-subscriber writes: stages from info on, temperatures from debug on",
	},
	[OPT_STRICT_LOG] = {
		.name = "strict-log", .type = TYPE_FLAG, .fallback = "false",
		.verbs = PRODUCER, .flags = ONLY_ARGUMENT, .section = SECTION_WITNESS,
		.help = "end at once when the log cannot be written; else the load goes on, and ends with status 1",
	},
	[OPT_CONFIG] = {
		.name = "config", .letter = 'F', .metavar = "FILE", .type = TYPE_PATH,
		.unset = "the user's exptop/exptop.conf, else the system's",
		.verbs = ALL & ~PRODUCER, .flags = NOT_IN_FILE, .section = SECTION_PROGRAM,
		.help = "read this configuration file",
	},
	[OPT_LOG_FILE] = {
		.name = "log-file", .metavar = "FILE", .type = TYPE_PATH,
		.verbs = ALL, .section = SECTION_PROGRAM,
		.help = "append all messages to FILE",
		.example = "exptop.log",
	},
	[OPT_VERBOSE] = {
		.name = "verbose", .letter = 'v', .type = TYPE_FLAG, .fallback = "false",
		.verbs = ALL, .section = SECTION_PROGRAM,
		.help = "log what is of use to find a fault, too",
	},
	[OPT_QUIET] = {
		.name = "quiet", .letter = 'q', .type = TYPE_FLAG, .fallback = "false",
		.verbs = ALL, .section = SECTION_PROGRAM,
		.help = "no counts and remarks on standard error, only what went wrong",
	},
	[OPT_HELP] = {
		.name = "help", .letter = 'h', .type = TYPE_FLAG, .fallback = "false",
		.verbs = ALL, .flags = NOT_IN_FILE | NOT_IN_ENVIRONMENT, .section = SECTION_PROGRAM,
		.help = "print this help",
	},
	[OPT_VERSION] = {
		.name = "version", .letter = 'V', .type = TYPE_FLAG, .fallback = "false",
		.verbs = ALL, .flags = NOT_IN_FILE | NOT_IN_ENVIRONMENT, .section = SECTION_PROGRAM,
		.help = "print the version",
	},
};

/* Values that people try, and what they meant. */
static const struct mistake {
	enum option_id id;
	const char *value, *advice;
} mistakes[] = {
	{OPT_OFFSET_RESET, "beginning", "the policy is earliest or latest; to start there use --seek beginning"},
	{OPT_OFFSET_RESET, "end", "the policy is earliest or latest; to start there use --seek end"},
};

const struct option *
option_row(enum option_id id)
{
	return &options[id];
}

const char *
option_section_title(enum option_section section)
{
	static const char *const titles[SECTION_COUNT] = {
		[SECTION_CLUSTER] = "Cluster",  [SECTION_READING] = "Reading", [SECTION_GROUP] = "Groups",
		[SECTION_SOURCE] = "Demo and recordings", [SECTION_SCREEN] = "Screen", [SECTION_PRINT] = "Printing",
		[SECTION_PRODUCTION] = "Production rate",
		[SECTION_PRODUCE] = "Producing",
		[SECTION_EXPERIMENT] = "Experiments", [SECTION_SENDING] = "Sending",
		[SECTION_WITNESS] = "Metrics and log",
		[SECTION_PROGRAM] = "Program",
	};

	return titles[section];
}

bool
option_find(struct slice name, enum option_id *id)
{
	for (enum option_id i = 0; i < OPTION_COUNT; i++)
		if (slice_is(name, options[i].name)) {
			*id = i;
			return true;
		}
	return false;
}

bool
option_find_letter(char letter, enum option_id *id)
{
	for (enum option_id i = 0; i < OPTION_COUNT; i++)
		if (options[i].letter && options[i].letter == letter) {
			*id = i;
			return true;
		}
	return false;
}

bool
option_applies(enum option_id id, enum verb verb)
{
	return options[id].verbs & (verb == VERB_CONFIG ? ~(unsigned)PRODUCER : VERB_BIT(verb));
}

/* What the option is for VERB alone; NULL: what it is for all. */
static const struct option_variant *
variant_of(enum option_id id, enum verb verb)
{
	for (size_t i = 0; i < OPTION_VARIANTS; i++)
		if (options[id].variants[i].verbs & VERB_BIT(verb))
			return &options[id].variants[i];
	return NULL;
}

bool
option_differs(enum option_id id, enum verb verb)
{
	return variant_of(id, verb) != NULL;
}

const char *
option_metavar(enum option_id id, enum verb verb)
{
	const struct option_variant *variant = variant_of(id, verb);

	if (variant)
		return variant->metavar;
	return options[id].choices ? options[id].choices : options[id].metavar;
}

const char *
option_help(enum option_id id, enum verb verb)
{
	const struct option_variant *variant = variant_of(id, verb);

	return variant ? variant->help : options[id].help;
}

void
option_environment_name(struct buf *out, enum option_id id)
{
	buf_str(out, "EXPTOP_");
	for (const char *p = options[id].name; *p; p++)
		buf_char(out, *p == '-' ? '_' : (char)toupper((unsigned char)*p));
}

bool
option_parse_flag(const char *text, bool *on)
{
	static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0) {
			*on = i % 2 == 1;
			return true;
		}
	return false;
}

/* A decimal number as people write it: no hexadecimal, no nan, no blanks. */
static bool
parse_number(const char *text, bool fraction, double *value)
{
	char *end;

	if (!isdigit((unsigned char)text[text[0] == '-']) || strpbrk(text, "xX") || (!fraction && strpbrk(text, ".eE")))
		return false;
	*value = strtod(text, &end);
	return *end == '\0';
}

static bool
check_number(const struct option *row, const char *text, struct err *err)
{
	bool fraction = row->type == TYPE_NUMBER;
	double value;

	if (!parse_number(text, fraction, &value) || value < row->least || value > row->most)
		return err_set(err, "expected a %s from %.15g to %.15g, not \"%s\"",
			       fraction ? "number" : "whole number", row->least, row->most, text);
	return true;
}

/* "latest or earliest", "python, json, raw or none" */
static void
add_choices(struct buf *out, const char *choices)
{
	size_t n;

	for (const char *p = choices; *p; p += n + (p[n] == '|')) {
		n = strcspn(p, "|");
		if (p > choices)
			buf_str(out, p[n] ? ", " : " or ");
		buf_add(out, p, n);
	}
}

static bool
check_choice(const struct option *row, const char *text, struct err *err)
{
	struct buf names = {0};
	size_t n;

	for (const char *p = row->choices; *p; p += n + (p[n] == '|')) {
		n = strcspn(p, "|");
		if (slice_is((struct slice){p, n}, text))
			return true;
	}
	add_choices(&names, row->choices);
	err_set(err, "expected %s, not \"%s\"", buf_cstr(&names), text);
	buf_free(&names);
	return false;
}

bool
option_check(enum option_id id, const char *text, struct err *err)
{
	const struct option *row = &options[id];
	bool on;

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		if (mistakes[i].id == id && strcmp(mistakes[i].value, text) == 0)
			return err_set(err, "%s", mistakes[i].advice);
	switch (row->type) {
	case TYPE_FLAG:
		return option_parse_flag(text, &on) || err_set(err, "expected true or false, not \"%s\"", text);
	case TYPE_INTEGER:
	case TYPE_NUMBER:
		return check_number(row, text, err);
	case TYPE_CHOICE:
		return check_choice(row, text, err);
	case TYPE_PAIRS: /* it is not shown: it may be half a password */
		return (*text && strchr(text + 1, '=')) ||
		       err_set(err, "expected %s, as in %s", row->metavar, row->example);
	case TYPE_TEXT:
	case TYPE_PATH:
	case TYPE_LIST:
		break;
	}
	return *text || (row->flags & MAY_BE_EMPTY) ||
	       err_set(err, "expected %s, not an empty text", row->metavar);
}

/* Optimal string alignment: insertions, deletions, changes and swaps of neighbours. */
static size_t
distance(struct slice a, struct slice b)
{
	size_t width = b.n + 1;
	size_t *d = xreallocarray(NULL, (a.n + 1) * width, sizeof(*d));
	size_t result;

	for (size_t i = 0; i <= a.n; i++)
		for (size_t j = 0; j <= b.n; j++) {
			size_t *cell = &d[i * width + j];
			size_t change;

			if (i == 0 || j == 0) {
				*cell = i + j;
				continue;
			}
			change = cell[-(ptrdiff_t)width - 1] + (a.p[i - 1] != b.p[j - 1]);
			*cell = cell[-1] < cell[-(ptrdiff_t)width] ? cell[-1] + 1 : cell[-(ptrdiff_t)width] + 1;
			if (change < *cell)
				*cell = change;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] &&
			    d[(i - 2) * width + j - 2] + 1 < *cell)
				*cell = d[(i - 2) * width + j - 2] + 1;
		}
	result = d[a.n * width + b.n];
	free(d);
	return result;
}

const char *
option_nearest_name(struct slice name)
{
	const char *nearest = NULL;
	size_t best = SIZE_MAX;

	if (name.n > 64)
		return NULL;
	for (enum option_id id = 0; id < OPTION_COUNT; id++) {
		const char *candidate = options[id].name;
		bool begins = name.n >= 3 && strncmp(candidate, name.p, name.n) == 0;
		size_t away = begins ? 1 : distance(name, slice_str(candidate));

		if (away < best) {
			best = away;
			nearest = candidate;
		}
	}
	return best <= name.n / 3 + 1 && best < name.n ? nearest : NULL;
}
