/* SPDX-License-Identifier: MIT */
#include "conf/verb.h"

static const struct verb_row verbs[VERB_COUNT] = {
	[VERB_MONITOR] = {
		.name = "monitor",
		.summary = "watch experiments on the screen (the default)",
		.arguments = "[TOPIC]...",
		.about = {
			"Shows which partitions are assigned, what is committed and how far behind it is, every "
			"experiment with its stage, temperature and rate, and every record decoded. Without "
			"--group it joins no group and writes nothing to the cluster.",
			"Where standard output is no terminal, or with --text, it prints a line an interval and "
			"a line a change instead.",
			"Try it without a cluster: exptop --demo",
		},
	},
	[VERB_CONSUME] = {
		.name = "consume",
		.summary = "print records on standard output",
		.arguments = "TOPIC...",
		.about = {
			"Prints every record of the topics, decoded. What is no record goes to standard error: "
			"the assigned partitions, a count every 1,000 records, what could not be decoded and "
			"why.",
			"With --group it joins the group and commits what it has printed; without, it reads all "
			"partitions and commits nothing.",
		},
	},
	[VERB_PRODUCE] = {
		.name = "produce",
		.summary = "send lines of standard input as records",
		.arguments = "TOPIC",
		.about = {
			"Each line of standard input becomes a record of the topic. At a terminal a line is sent when "
			"it is typed, and its partition and offset are told; in a pipe only what failed is.",
			"The status is 0 when every record was delivered.",
		},
	},
	[VERB_TOPICS] = {
		.name = "topics",
		.summary = "list the cluster's topics, or create one",
		.arguments = "[create NAME]",
		.takes_words = true,
		.about = {
			"Lists the topics that you may see, with their partitions and the offsets from low to end: "
			"as many records can be read, or fewer where there are transactions or compaction.",
			"create NAME makes a topic with --partitions partitions.",
		},
	},
	[VERB_BROKER] = {
		.name = "broker",
		.summary = "run the embedded broker for other programs",
		.arguments = "[NAME:PARTITIONS]...",
		.about = {
			"Runs a small Kafka broker in this process, in memory, on loopback ports of the system's "
			"choice. Prints its bootstrap list on standard output and serves until it is ended by a "
			"signal.",
		},
	},
	[VERB_GROUPS] = {
		.name = "groups",
		.summary = "list, describe or reset consumer groups",
		.arguments = "[list | describe GROUP | reset GROUP]",
		.takes_words = true,
		.about = {
			"list (the default): every consumer group with its state, members and lag. describe: "
			"what a group committed in each partition, how far behind that is, and who its members "
			"are; with --seconds how fast it reads. No group is joined.",
			"reset: commit where a group without members goes on, in all partitions of the topics "
			"it has committed on, or of those that --topic names; then what is read again and what "
			"is skipped. --dry-run only says so.",
		},
	},
	[VERB_PLAN] = {
		.name = "plan",
		.summary = "say what a loads file comes to before it runs",
		.arguments = "FILE",
		.takes_words = true,
		.about = {
			"Prints rate and duration of each experiment in a loads file, the rate of all together "
			"interval by interval, its peak, the totals, and a plot of it.",
			"Every mistake in the file is named in one go, with its line, experiment and field, and "
			"what was expected there.",
		},
	},
	[VERB_RATE] = {
		.name = "rate",
		.summary = "graph what experiment-producers make",
		.about = {
			"Looks at the metrics pages of experiment-producers each second, and shows how many events a "
			"second they make, each and together, over the last 5 minutes, and how many experiments "
			"run; with --plan what a loads file plans beside it. No cluster is asked.",
			"Where standard output is no terminal, or with --text, it prints a line an interval and a "
			"line a change instead; with --json an object an interval.",
		},
	},
	[VERB_RECORD] = {
		.name = "record",
		.summary = "keep the records of topics in a file",
		.arguments = "TOPIC... -O FILE",
		.about = {
			"Writes every record of the topics to a file, a line of JSON each, with nothing lost: place, "
			"time, key, headers and bytes. It begins with the first records there are, and goes on until "
			"it is ended by a signal, or as --exit-at-end, --to, --count or --seconds say.",
			"No group is joined and nothing is committed. A file whose name ends in .gz is compressed; "
			"- is standard output.",
		},
	},
	[VERB_REPLAY] = {
		.name = "replay",
		.summary = "write the records of such a file to a topic",
		.arguments = "FILE -t TOPIC",
		.takes_words = true,
		.about = {
			"Writes the records of a recording to a topic, each to the partition it had, with its "
			"timestamp, key, headers and bytes, in the time that they took or as --speed says.",
			"What is no record, such as a last line that was cut off, is told with its line; the rest is "
			"replayed, and the status is 1.",
			"exptop --replay FILE shows a recording on the screen, exptop consume --replay FILE prints it.",
		},
	},
	[VERB_REPORT] = {
		.name = "report",
		.summary = "make a page of such a file or a store, with plots",
		.arguments = "FILE -O FILE.html",
		.takes_words = true,
		.about = {
			"Writes what a recording or a store holds as one HTML page: totals, partitions, the rate over "
			"time, every experiment with its stages, temperature and range, and what is wrong with the "
			"order of its records. The page needs no network and no scripts, and can be printed.",
		},
	},
	[VERB_VERIFY] = {
		.name = "verify",
		.summary = "compare a topic with the ground truth of its producers",
		.arguments = "TOPIC --log FILE...",
		.takes_words = true,
		.about = {
			"Reads the topic to its end, and beside it the logs that experiment-producer writes with "
			"--file-subscriber, and names what is not the same: what was lost, doubled, reordered, "
			"altered or miscomputed, with where it is in both.",
			"The status is 0 when nothing is, 3 when something is, 1 when that could not be found out.",
		},
	},
	[VERB_CONFIG] = {
		.name = "config",
		.summary = "print the effective options and where each came from",
		.arguments = "[TOPIC]...",
		.about = {
			"Takes the options of every verb and prints what they come to, in the form of the "
			"configuration file. Secrets are hidden.",
		},
	},
	[VERB_EXPERIMENT_PRODUCER] = {
		.name = "experiment-producer",
		.summary = "run experiments that write to a topic",
		.is_program = true,
		.about = {
			"Runs the experiments of a loads file, or one that the options describe, each on its "
			"schedule, and writes what they configure, measure and end to a Kafka topic, in the "
			"course's format. Reads no configuration file and no EXPTOP_ variables.",
			"Try it without a cluster: exptop broker --topic experiment prints the HOST:PORT to give, "
			"as in experiment-producer -b HOST:PORT --no-ssl",
		},
	},
};

const struct verb_row *
verb_row(enum verb verb)
{
	return &verbs[verb];
}

bool
verb_find(struct slice name, enum verb *verb)
{
	for (enum verb v = 0; v < VERB_COUNT; v++)
		if (!verbs[v].is_program && slice_is(name, verbs[v].name)) {
			*verb = v;
			return true;
		}
	return false;
}
