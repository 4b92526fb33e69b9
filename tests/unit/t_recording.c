/* SPDX-License-Identifier: MIT */
/* Recordings: what is written is read again, whatever is in it; files and how they end. */
#include "recording/input.h"
#include "recording/line.h"
#include "recording/output.h"
#include "recording/range.h"

#include "base/alloc.h"
#include "base/rng.h"
#include "unit.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADERS = 4, LIMIT = 1000 };

/* A record and its own headers. */
struct made {
	struct record record;
	struct record_header headers[HEADERS];
	size_t n;
};

static bool
header_at(const struct record *r, size_t i, struct record_header *out)
{
	const struct made *m = r->source;

	if (i < m->n)
		*out = m->headers[i];
	return i < m->n;
}

static int
below(struct rng *rng, int n)
{
	return (int)(rng_next(rng) % (uint64_t)n);
}

/* Any bytes: none, empty, ASCII with what JSON escapes, UTF-8 of all lengths, or anything. */
static struct slice
any_bytes(struct rng *rng, struct buf *room, bool may_be_null)
{
	static const char *const pieces[] = {
		"a", "\"", "\\", "\n", "\x7f", "\x01", "\xc3\xa9", "\xe2\x80\xae", "\xef\xbf\xbd",
		"\xf0\x9f\x98\x80", "</script>",
	};
	int kind = below(rng, 5), n = below(rng, 40);
	char *copy;

	if (kind == 0 && may_be_null)
		return (struct slice){0};
	buf_clear(room);
	for (int i = 0; i < n && kind > 1; i++)
		if (kind == 2)
			buf_char(room, (char)below(rng, 256));
		else
			buf_str(room, pieces[below(rng, sizeof(pieces) / sizeof(*pieces))]);
	if (kind == 4)
		buf_char(room, '\0');
	copy = xmemdup(buf_cstr(room), room->n + 1);
	return (struct slice){copy, room->n};
}

static void
make(struct rng *rng, struct made *m)
{
	static const char *const topics[] = {"lab", "a.b-c_d", "experiments"};
	struct buf room = {0};

	*m = (struct made){.n = (size_t)below(rng, HEADERS + 1)};
	m->record = (struct record){
		.topic = topics[below(rng, 3)], .partition = below(rng, 100), .header = header_at, .source = m,
		.offset = below(rng, 2) ? below(rng, 10) : (int64_t)(rng_next(rng) >> 2),
		.timestamp = below(rng, 4) ? (int64_t)(rng_next(rng) >> 20) : -1,
		.timestamp_type = (enum timestamp_type)below(rng, 3),
		.arrived = below(rng, 2) ? 0 : 1 + below(rng, 1000), .key = any_bytes(rng, &room, true),
		.value = any_bytes(rng, &room, true),
	};
	for (size_t i = 0; i < m->n; i++)
		m->headers[i] = (struct record_header){any_bytes(rng, &room, false), any_bytes(rng, &room, true)};
	buf_free(&room);
}

static void
unmake(struct made *m)
{
	free((char *)m->record.key.p);
	free((char *)m->record.value.p);
	for (size_t i = 0; i < m->n; i++) {
		free((char *)m->headers[i].name.p);
		free((char *)m->headers[i].value.p);
	}
}

static void
assert_slice(struct slice got, struct slice expected)
{
	assert_int_equal(got.p == NULL, expected.p == NULL);
	assert_true(slice_eq(got, expected));
}

static void
assert_record(const struct record *got, const struct record *expected)
{
	struct record_header a, b;
	size_t i = 0;

	assert_string_equal(got->topic, expected->topic);
	assert_int_equal(got->partition, expected->partition);
	assert_int_equal(got->offset, expected->offset);
	assert_int_equal(got->timestamp, expected->timestamp);
	assert_int_equal(got->timestamp_type, expected->timestamp_type);
	assert_int_equal(got->arrived, expected->arrived);
	assert_slice(got->key, expected->key);
	assert_slice(got->value, expected->value);
	for (; record_header(expected, i, &b); i++) {
		assert_true(record_header(got, i, &a));
		assert_slice(a.name, b.name);
		assert_slice(a.value, b.value);
	}
	assert_false(record_header(got, i, &a));
}

static void
any_record_is_read_as_it_was_written(void **state)
{
	struct line_reader *reader = line_reader_new();
	struct rng rng = {.state = 7};
	struct buf line = {0};
	struct record got;
	struct made made;
	struct err err;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		make(&rng, &made);
		buf_clear(&line);
		line_write(&line, &made.record);
		assert_int_equal(line.p[line.n - 1], '\n');
		assert_ptr_equal(memchr(line.p, '\n', line.n), line.p + line.n - 1);
		if (!line_read(reader, (struct slice){line.p, line.n - 1}, &got, &err))
			fail_msg("%s: %.*s", err.text, (int)line.n, line.p);
		assert_record(&got, &made.record);
		line_release(reader);
		unmake(&made);
	}
	buf_free(&line);
	line_reader_free(reader);
}

static void
the_line_of_a_record(void **state)
{
	struct made made = {
		.record = {.topic = "lab", .partition = 3, .offset = 17, .timestamp = 1795437310146,
			   .timestamp_type = TIMESTAMP_CREATE, .key = {"\xff", 1}, .value = {0}, .header = header_at},
		.headers = {{{"a", 1}, {"\0x", 2}}, {{"a", 1}, {0}}, {{"\xfe", 1}, {"", 0}}}, .n = 3,
	};
	struct buf line = {0};

	(void)state;
	made.record.source = &made;
	line_write(&line, &made.record);
	assert_string_equal(buf_cstr(&line),
		"{\"t\":\"lab\",\"p\":3,\"o\":17,\"ts\":1795437310146,\"tt\":\"create\",\"k64\":\"/w==\","
		"\"h\":[[\"a\",\"AHg=\"],[\"a\",null],[{\"base64\": \"/g==\"},\"\"]],\"v\":null}\n");
	buf_free(&line);
}

static void
assert_refused(struct line_reader *reader, const char *line, const char *why)
{
	struct record got;
	struct err err = {0};

	assert_false(line_read(reader, slice_str(line), &got, &err));
	assert_string_equal(err.text, why);
	line_release(reader);
}

static void
what_is_no_record_is_refused_with_the_field(void **state)
{
	static const char headers[] = "h must be an object, or an array of [name, base64 or null]";
	struct line_reader *reader = line_reader_new();

	(void)state;
	assert_refused(reader, "[]", "a line must be an object");
	assert_refused(reader, "{\"t\":5,\"p\":0,\"o\":0}", "t must be one of at most 64 topic names");
	assert_refused(reader, "{\"t\":\"a\\u0000b\",\"p\":0,\"o\":0}", "t must be one of at most 64 topic names");
	assert_refused(reader, "{\"p\":-1,\"o\":0}", "p must be a partition number");
	assert_refused(reader, "{\"p\":2147483648,\"o\":0}", "p must be a partition number");
	assert_refused(reader, "{\"p\":0,\"o\":1.5}", "o must be an offset");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"ts\":\"now\"}", "ts must be a timestamp in ms or null");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"tt\":\"x\"}", "tt must be create or append");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"at\":-1}", "at must be a time in ms");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"at\":9223372036854775807}", "at must be a time in ms");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"k\":1}", "k must be a text or null");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"k64\":\"?\"}", "k64 must be base64, and then there is no k");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"k\":\"a\",\"k64\":\"YQ==\"}",
		       "k64 must be base64, and then there is no k");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"h\":5}", headers);
	assert_refused(reader, "{\"p\":0,\"o\":0,\"h\":[[\"a\"]]}", headers);
	assert_refused(reader, "{\"p\":0,\"o\":0,\"h\":[[{},null]]}", headers);
	assert_refused(reader, "{\"p\":0,\"o\":0,\"h\":{\"a\":1}}", headers);
	assert_refused(reader, "{\"p\":0,\"o\":0,\"v\":\"a\"}", "v must be base64 or null");
	/* A name that stands twice in an object would lose one of its values. */
	assert_refused(reader, "{\"p\":0,\"o\":0,\"h\":{\"a\":\"1\",\"a\":\"2\"}}",
		       "duplicate object key near '\"a\"'");
	line_reader_free(reader);
}

static struct slice
value_of(struct line_reader *reader, const char *line)
{
	struct record got;
	struct err err;

	if (!line_read(reader, slice_str(line), &got, &err))
		fail_msg("%s: %s", line, err.text);
	return got.value;
}

/* Wherever the value stands, and however it is written, it is the same. */
static void
a_value_may_stand_anywhere(void **state)
{
	struct line_reader *reader = line_reader_new();

	(void)state;
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0,\"v\":\"YS8/\"}"), slice_str("a/?"));
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0, \"v\": \"YS8/\"}"), slice_str("a/?"));
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0,\"v\" : \"YS8/\" }"), slice_str("a/?"));
	assert_slice(value_of(reader, "{\"v\":\"YS8/\",\"p\":0,\"o\":0}"), slice_str("a/?"));
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0,\"v\":\"YS8\\/\"}"), slice_str("a/?"));
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0,\"v\":\"\"}"), slice_str(""));
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0,\"k\":\"YS8/\"}"), (struct slice){0});
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0,\"x\":{\"v\":\"YS8/\"}}"), (struct slice){0});
	assert_slice(value_of(reader, "{\"p\":0,\"o\":0,\"k\":\"\\\"v\\\":\"}"), (struct slice){0});
	assert_refused(reader, "{\"p\":0,\"o\":0,\"v\":\"YQ==\",\"v\":\"YQ==\"}", "duplicate object key near '\"v\"'");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"v\":\"YQ=a\"}", "v must be base64 or null");
	assert_refused(reader, "{\"p\":0,\"o\":0,\"v\":\" YQ==\"}", "v must be base64 or null");
	assert_refused(reader, "\"v\":\"\"}", "'[' or '{' expected near '\"v\"'");
	line_reader_free(reader);
}

static void
topics_are_numbered_and_bounded(void **state)
{
	struct line_reader *reader = line_reader_new();
	struct record got;
	struct err err;
	char line[64];

	(void)state;
	for (int i = 0; i < 100; i++) { /* lines that are bad for another reason take no number */
		snprintf(line, sizeof(line), "{\"t\":\"bad%d\",\"p\":-1,\"o\":0}", i);
		assert_refused(reader, line, "p must be a partition number");
	}
	for (int i = 0; i < 64; i++) {
		snprintf(line, sizeof(line), "{\"t\":\"t%d\",\"p\":0,\"o\":0}", i);
		assert_true(line_read(reader, slice_str(line), &got, &err));
		assert_int_equal(got.topic_no, i);
	}
	assert_refused(reader, "{\"t\":\"one more\",\"p\":0,\"o\":0}", "t must be one of at most 64 topic names");
	assert_true(line_read(reader, slice_str("{\"t\":\"t5\",\"p\":0,\"o\":0}"), &got, &err));
	assert_int_equal(got.topic_no, 5);
	line_reader_free(reader);
}

/* ---- files ---- */

static char folder[] = "t_recording.XXXXXX";

static const char *
path(const char *name)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s/%s", folder, name);
	return text;
}

static void
write_file(const char *name, const char *lines)
{
	struct err err = {0};
	struct output *o = output_open(path(name), OUTPUT_FORCE, &err);
	size_t whole;

	assert_non_null(o);
	assert_true(output_write(o, slice_str(lines), &whole, &err));
	assert_true(output_close(o, &err));
}

static void
assert_lines(const char *name, const char *const *lines, bool torn)
{
	struct input_line line;
	struct err err = {0};
	struct input *in = input_open(path(name), LIMIT, &err);
	int64_t number = 0;

	assert_non_null(in);
	for (; *lines; lines++) {
		assert_int_equal(input_next(in, &line, &err), INPUT_LINE);
		assert_true(slice_is(line.text, *lines));
		assert_int_equal(line.number, ++number);
		assert_int_equal(line.torn, torn && !lines[1]);
	}
	assert_int_equal(input_next(in, &line, &err), INPUT_END);
	input_close(in);
}

static void
lines_come_back_plain_and_compressed(void **state)
{
	static const char *const whole[] = {"one", "", "three", NULL}, *const torn[] = {"one", "tw", NULL};
	struct stat st;

	(void)state;
	write_file("plain", "one\n\nthree\n");
	assert_lines("plain", whole, false);
	write_file("packed.gz", "one\n\nthree\n");
	assert_lines("packed.gz", whole, false);
	assert_int_equal(stat(path("packed.gz"), &st), 0);
	assert_true(st.st_size > 11); /* a header and a trailer: it is compressed */
	write_file("torn", "one\ntw");
	assert_lines("torn", torn, true);
	write_file("empty", "");
	assert_lines("empty", (const char *const[]){NULL}, false);
}

/* Lines until the input fails; how many. */
static int
count_until_failure(const char *name, struct err *err)
{
	struct input *in = input_open(path(name), LIMIT, err);
	struct input_line line;
	int n = 0;

	while (input_next(in, &line, err) == INPUT_LINE)
		n += !line.torn;
	input_close(in);
	return n;
}

static void
append_file(const char *name, const char *from)
{
	char bytes[4096];
	FILE *in = fopen(path(from), "r"), *out;
	size_t n;

	assert_non_null(in);
	n = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	out = fopen(path(name), "a");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
}

static void
a_compressed_file_may_have_several_members(void **state)
{
	static const char *const both[] = {"one", "two", "three", NULL};

	(void)state;
	write_file("packed.gz", "three\n");
	write_file("members.gz", "one\ntwo\n");
	append_file("members.gz", "packed.gz");
	assert_lines("members.gz", both, false);
	write_file("plain", "no member");
	append_file("members.gz", "plain");
	assert_lines("members.gz", both, false);
}

static void
damaged_data_is_named(void **state)
{
	static const char *const damages[] = {"\x1f", "\x1f\x8b\x08", "\x1f\x8bxyz"};
	struct err err = {0};
	int n;

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(*damages); i++) {
		write_file("plain", damages[i]);
		n = count_until_failure("plain", &err);
		assert_int_equal(n, 0);
		assert_true((i > 0) == (err.text[0] != '\0')); /* a byte of the two is a line */
	}
	assert_non_null(strstr(err.text, "plain: the compressed data is damaged from line 1 on ("));
}

/* Whatever byte of a compressed file is another one, it is read to an end. */
static void
any_damage_ends(void **state)
{
	struct rng rng = {.state = 7};
	struct buf text = {0};
	struct err err;
	struct stat st;
	FILE *f;

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_addf(&text, "%016llx\n", (unsigned long long)rng_next(&rng));
	for (int i = 0; i < 300; i++) {
		write_file("cut.gz", buf_cstr(&text));
		append_file("cut.gz", "packed.gz");
		assert_int_equal(stat(path("cut.gz"), &st), 0);
		f = fopen(path("cut.gz"), "r+");
		assert_non_null(f);
		fseek(f, (long)(rng_next(&rng) % (uint64_t)st.st_size), SEEK_SET);
		fputc((int)(rng_next(&rng) & 0xff), f);
		fclose(f);
		assert_true(count_until_failure("cut.gz", &err) <= 100000);
	}
	buf_free(&text);
}

/* A pipe that stays open: what came is there at once. */
static void
a_pipe_is_not_waited_for(void **state)
{
	struct input_line line;
	struct err err;
	struct input *in;
	int ends[2], standard = dup(STDIN_FILENO);

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	in = input_open("-", LIMIT, &err);
	assert_int_equal(write(ends[1], "one\ntw", 6), 6);
	assert_int_equal(input_next(in, &line, &err), INPUT_LINE);
	assert_true(slice_is(line.text, "one"));
	assert_false(input_ready(in));
	assert_int_equal(write(ends[1], "o\n", 2), 2);
	assert_true(input_ready(in));
	assert_int_equal(input_next(in, &line, &err), INPUT_LINE);
	assert_true(slice_is(line.text, "two"));
	assert_false(input_ready(in));
	close(ends[1]);
	assert_true(input_ready(in));
	assert_int_equal(input_next(in, &line, &err), INPUT_END);
	input_close(in);
	close(ends[0]);
	if (standard >= 0)
		dup2(standard, STDIN_FILENO);
	close(standard);
}

static void
a_line_past_the_limit_is_passed_over(void **state)
{
	struct buf text = {0};
	struct input_line line;
	struct err err;
	struct input *in;

	(void)state;
	buf_str(&text, "first\n");
	for (int i = 0; i < 1000000; i++)
		buf_char(&text, 'x');
	buf_str(&text, "\nlast\n");
	write_file("long", buf_cstr(&text));
	in = input_open(path("long"), LIMIT, &err);
	assert_int_equal(input_next(in, &line, &err), INPUT_LINE);
	assert_int_equal(input_next(in, &line, &err), INPUT_LINE);
	assert_true(line.cut);
	assert_int_equal(line.next, 6 + 1000001);
	assert_int_equal(input_next(in, &line, &err), INPUT_LINE);
	assert_true(slice_is(line.text, "last"));
	assert_int_equal(line.number, 3);
	assert_int_equal(input_next(in, &line, &err), INPUT_END);
	input_close(in);
	buf_free(&text);
}

static void
a_compressed_file_that_ends_early_says_so(void **state)
{
	struct rng rng = {.state = 1};
	struct buf text = {0};
	struct err err = {0};
	struct stat st;

	(void)state;
	for (int i = 0; i < 5000; i++)
		buf_addf(&text, "%016llx\n", (unsigned long long)rng_next(&rng));
	write_file("cut.gz", buf_cstr(&text));
	assert_int_equal(stat(path("cut.gz"), &st), 0);
	assert_int_equal(truncate(path("cut.gz"), st.st_size / 2), 0);
	assert_in_range(count_until_failure("cut.gz", &err), 1000, 4000);
	assert_non_null(strstr(err.text, "cut.gz: the compressed data ends in its middle; what stood before is read"));
	buf_free(&text);
}

static void
what_is_there_stays_unless_forced(void **state)
{
	struct err err = {0};

	(void)state;
	write_file("there", "one\n");
	assert_null(output_open(path("there"), 0, &err));
	assert_non_null(strstr(err.text, "there is there already: --force overwrites it"));
	assert_null(output_open(path("run.zst"), 0, &err));
	assert_non_null(strstr(err.text, "run.zst: of the compressed formats .gz alone is written"));
	assert_null(input_open(folder, LIMIT, &err));
	assert_non_null(strstr(err.text, ": it is a folder"));
}

static void
a_write_that_fails_leaves_whole_lines(void **state)
{
	const struct rlimit little = {25, RLIM_INFINITY}, all = {RLIM_INFINITY, RLIM_INFINITY};
	struct err err = {0};
	struct output *o = output_open(path("full"), OUTPUT_FORCE, &err);
	size_t whole = 0;
	struct stat st;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_true(output_write(o, slice_str("0123456789\n"), &whole, &err));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	assert_false(output_write(o, slice_str("abcdefghij\nklmnopqrst\n"), &whole, &err));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
	assert_int_equal(whole, 1);
	assert_non_null(strstr(err.text, "full: File too large"));
	assert_true(output_close(o, &err));
	assert_int_equal(stat(path("full"), &st), 0);
	assert_int_equal(st.st_size, 22);
}

static void
check_text(const char *name, const char *expected)
{
	char text[64] = "";
	FILE *in = fopen(path(name), "r");

	assert_non_null(in);
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	fclose(in);
	assert_string_equal(text, expected);
}

/* How many files are in the folder whose names begin with NAME or .NAME. */
static int
count_files(const char *name)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += strncmp(entry->d_name + (*entry->d_name == '.'), name, strlen(name)) == 0;
	closedir(dir);
	return n;
}

static void
a_file_is_replaced_by_a_whole_one_only(void **state)
{
	struct err err = {0};
	struct output *o;
	size_t whole = 0;
	struct stat st;

	(void)state;
	write_file("old", "old\n");
	assert_int_equal(chmod(path("old"), 0640), 0);
	o = output_open(path("old"), OUTPUT_FORCE, &err);
	assert_true(output_hidden(o));
	assert_true(output_write(o, slice_str("new\n"), &whole, &err));
	check_text("old", "old\n");
	assert_true(output_drop(o));
	check_text("old", "old\n");
	assert_int_equal(count_files("old"), 1);

	o = output_open(path("old"), OUTPUT_FORCE, &err);
	assert_true(output_write(o, slice_str("new\n"), &whole, &err));
	assert_true(output_close(o, &err));
	check_text("old", "new\n");
	assert_int_equal(count_files("old"), 1);
	assert_int_equal(stat(path("old"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
what_a_full_disk_does_not_take_replaces_nothing(void **state)
{
	const struct rlimit little = {5, RLIM_INFINITY}, all = {RLIM_INFINITY, RLIM_INFINITY};
	struct err err = {0};
	struct output *o;
	size_t whole = 0;

	(void)state;
	write_file("kept", "kept\n");
	o = output_open(path("kept"), OUTPUT_FORCE, &err);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	assert_false(output_write(o, slice_str("one\ntwo\nthree\n"), &whole, &err));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
	assert_non_null(strstr(err.text, "kept: File too large"));
	assert_false(output_close(o, &err));
	check_text("kept", "kept\n");
	assert_int_equal(count_files("kept"), 1);
}

static void
a_link_stays_one_and_what_it_leads_to_is_replaced(void **state)
{
	char *name = xasprintf("%s/link", folder);
	struct err err = {0};
	struct output *o;
	size_t whole = 0;
	struct stat st;

	(void)state;
	write_file("behind", "old\n");
	assert_int_equal(symlink("behind", name), 0);
	o = output_open(name, OUTPUT_FORCE, &err);
	assert_true(output_write(o, slice_str("new\n"), &whole, &err));
	assert_true(output_close(o, &err));
	check_text("behind", "new\n");
	assert_int_equal(lstat(name, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	free(name);
}

static void
a_new_file_shows_when_it_is_whole(void **state)
{
	struct err err = {0};
	struct output *o = output_open(path("page"), OUTPUT_WHOLE, &err);
	size_t whole = 0;

	(void)state;
	assert_true(output_write(o, slice_str("page\n"), &whole, &err));
	assert_int_not_equal(access(path("page"), F_OK), 0);
	assert_true(output_close(o, &err));
	check_text("page", "page\n");
	assert_int_equal(count_files("page"), 1);
	write_file("later", "");
	assert_int_equal(unlink(path("later")), 0);
	o = output_open(path("later"), OUTPUT_WHOLE, &err);
	write_file("later", "somebody's\n");
	assert_false(output_close(o, &err));
	assert_non_null(strstr(err.text, "later is there already: --force overwrites it"));
	check_text("later", "somebody's\n");
}

static void
a_compressed_file_that_cannot_be_ended_is_told(void **state)
{
	char *name = xasprintf("%s/device.gz", folder);
	struct err err = {0};
	struct output *o;
	size_t whole = 0;

	(void)state;
	assert_int_equal(symlink("/dev/full", name), 0);
	o = output_open(name, 0, &err);
	assert_non_null(o);
	assert_true(output_write(o, slice_str("one\n"), &whole, &err)); /* it waits in the compressor */
	assert_false(output_close(o, &err));
	assert_non_null(strstr(err.text, "device.gz: No space left on device"));
	free(name);
}

/* ---- ranges ---- */

static void
bounds_are_offsets_times_and_spans(void **state)
{
	static const char *const bad[] = {"", "-5", "five", "+", "+x", "1.5"};
	struct range range = {0};
	struct err err = {0};

	(void)state;
	assert_true(bound_parse("beginning", &range.from, &err) && range.from.kind == BOUND_NONE);
	assert_true(bound_parse("+1.5", &range.from, &err));
	assert_true(bound_parse("@2026-11-23T12:35:10Z", &range.to, &err));
	range_settle(&range, 1795437000000);
	assert_int_equal(range.from.kind, BOUND_TIME);
	assert_int_equal(range.from.number, 1795437001500);
	assert_int_equal(range.to.number, 1795437310000);
	assert_true(range_has(&range, &(struct record){.timestamp = 1795437001500}));
	assert_false(range_has(&range, &(struct record){.timestamp = 1795437001499}));
	assert_false(range_has(&range, &(struct record){.timestamp = 1795437310000}));
	assert_true(range_has(&range, &(struct record){.timestamp = -1}));
	assert_true(bound_parse("+5", &range.from, &err));
	range_settle(&range, INT64_MAX - 4);
	assert_int_equal(range.from.number, INT64_MAX);
	assert_true(bound_parse("17", &range.from, &err));
	range.to.kind = BOUND_NONE;
	assert_true(range_has(&range, &(struct record){.offset = 17}));
	assert_false(range_has(&range, &(struct record){.offset = 16}));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(bound_parse(bad[i], &range.from, &err));
	assert_string_equal(err.text, "expected beginning, end, an offset N, @TIME or +SECONDS, not \"1.5\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_record_is_read_as_it_was_written),
		cmocka_unit_test(the_line_of_a_record),
		cmocka_unit_test(what_is_no_record_is_refused_with_the_field),
		cmocka_unit_test(a_value_may_stand_anywhere),
		cmocka_unit_test(topics_are_numbered_and_bounded),
		cmocka_unit_test(lines_come_back_plain_and_compressed),
		cmocka_unit_test(a_compressed_file_may_have_several_members),
		cmocka_unit_test(damaged_data_is_named),
		cmocka_unit_test(any_damage_ends),
		cmocka_unit_test(a_pipe_is_not_waited_for),
		cmocka_unit_test(a_line_past_the_limit_is_passed_over),
		cmocka_unit_test(a_compressed_file_that_ends_early_says_so),
		cmocka_unit_test(what_is_there_stays_unless_forced),
		cmocka_unit_test(a_write_that_fails_leaves_whole_lines),
		cmocka_unit_test(a_file_is_replaced_by_a_whole_one_only),
		cmocka_unit_test(what_a_full_disk_does_not_take_replaces_nothing),
		cmocka_unit_test(a_link_stays_one_and_what_it_leads_to_is_replaced),
		cmocka_unit_test(a_new_file_shows_when_it_is_whole),
		cmocka_unit_test(a_compressed_file_that_cannot_be_ended_is_told),
		cmocka_unit_test(bounds_are_offsets_times_and_spans),
	};
	static const char *const made[] = {
		"plain", "packed.gz", "members.gz", "torn", "empty", "long", "cut.gz", "there", "full", "device.gz",
		"old", "kept", "link", "behind", "page",
		"later"};
	int failed;

	assert_non_null(mkdtemp(folder));
	failed = cmocka_run_group_tests_name("recording", tests, NULL, NULL);
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		unlink(path(made[i]));
	rmdir(folder);
	return failed;
}
