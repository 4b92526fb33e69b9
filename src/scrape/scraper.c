/* SPDX-License-Identifier: MIT */
#include "scrape/scraper.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/listener.h"
#include "base/thread.h"
#include "model/producers.h"
#include "scrape/page.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { STOP_MS = 1000, CONNECT_MS = 1500 };

static const char accepts[] = "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

/* A producer that is looked at. */
struct target {
	CURL *curl;
	int port;
	bool asked;       /* its answer is under way */
	struct buf body;
	bool too_large;
	struct page page; /* read before */
	char error[CURL_ERROR_SIZE];
};

struct scraper {
	const struct strings *topics;
	bool own;         /* the programs of other users are not asked */
	struct target *targets;
	size_t n;
	CURLM *multi;
	struct curl_slist *headers;
	struct mailbox *letters;
	struct thread *thread;
	atomic_bool stop;
};

/* ---- addresses ---- */

bool
scraper_address(const char *address, struct err *err)
{
	const char *colon = strrchr(address, ':');
	size_t host = colon ? (size_t)(colon - address) : 0, digits = colon ? strspn(colon + 1, "0123456789") : 0;
	bool bracketed = host > 2 && address[0] == '[' && address[host - 1] == ']';
	bool named = host > 0 && strcspn(address, "/?#@[]%: \t\r\n\\\"<>{}|^`") == host;

	if ((named || (bracketed && strspn(address + 1, "0123456789abcdefABCDEF:.") == host - 2)) && digits > 0 &&
	    digits <= 5 && !colon[1 + digits] && atoi(colon + 1) > 0 && atoi(colon + 1) <= 65535 && host <= 255)
		return true;
	return err_set(err, "expected HOST:PORT, as in localhost:3001, not \"%s\"", address);
}

/* ---- what comes ---- */

static size_t
on_bytes(char *p, size_t size, size_t n, void *ctx)
{
	struct target *t = ctx;

	if (t->body.n + size * n > SCRAPE_BYTES) {
		t->too_large = true;
		return 0;
	}
	buf_add(&t->body, p, size * n);
	return size * n;
}

static bool
nobody_listens(const struct target *t, CURLcode code)
{
	long why = 0;

	curl_easy_getinfo(t->curl, CURLINFO_OS_ERRNO, &why);
	return code == CURLE_COULDNT_CONNECT && why == ECONNREFUSED;
}

/* Why a look failed, to stand behind the producer's name. */
static void
explain(const struct target *t, CURLcode code, struct err *err)
{
	long status = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	if (t->too_large || code == CURLE_FILESIZE_EXCEEDED)
		err_set(err, "its page is larger than %d MiB", SCRAPE_BYTES >> 20);
	else if (code == CURLE_OPERATION_TIMEDOUT && status)
		err_set(err, "its page did not come whole within %d s", SCRAPE_TIMEOUT_MS / 1000);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		err_set(err, "it does not answer within %d s", SCRAPE_TIMEOUT_MS / 1000);
	else if (code == CURLE_COULDNT_RESOLVE_HOST)
		err_set(err, "there is no host of that name");
	else if (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR)
		err_set(err, "it closed the connection without an answer");
	else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
		err_set(err, "what listens there does not speak HTTP");
	else
		err_set(err, "%s", t->error[0] ? t->error : curl_easy_strerror(code));
}

static bool
read_answer(const struct scraper *s, struct target *t, struct err *err)
{
	long status = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		return err_set(err, "it answers with status %ld instead of a metrics page", status);
	return page_read(&t->page, (struct slice){t->body.p, t->body.n}, s->topics, err) ||
	       err_prefix(err, "what it serves is no metrics page of a producer");
}

/* The look at T is over. */
static void
finish(struct scraper *s, struct target *t, CURLcode code)
{
	struct scrape scrape = {.producer = (size_t)(t - s->targets), .time = clock_wall_ms(), .running = -1};
	struct err err = {""};

	t->asked = false;
	curl_multi_remove_handle(s->multi, t->curl);
	if (nobody_listens(t, code)) {
		scrape.result = SCRAPE_NOBODY;
	} else if (code == CURLE_OK && read_answer(s, t, &err)) {
		scrape.events = t->page.events;
		scrape.running = t->page.running;
		scrape.restarted = t->page.restarted;
		snprintf(scrape.topic, sizeof(scrape.topic), "%s", t->page.topic);
	} else {
		scrape.result = SCRAPE_FAILED;
		if (code != CURLE_OK)
			explain(t, code, &err);
		snprintf(scrape.problem, sizeof(scrape.problem), "%s", err.text);
	}
	buf_free(&t->body);
	mailbox_post(s->letters, xmemdup(&scrape, sizeof(scrape)));
}

/* True when T is another user's, which is told of. */
static bool
is_others(const struct scraper *s, const struct target *t)
{
	struct scrape scrape = {.producer = (size_t)(t - s->targets), .running = -1, .result = SCRAPE_OTHERS};
	uid_t owner;

	if (!s->own || listener_of(t->port, &owner) != LISTENER_OTHERS)
		return false;
	scrape.time = clock_wall_ms();
	listener_name(owner, scrape.owner, sizeof(scrape.owner));
	mailbox_post(s->letters, xmemdup(&scrape, sizeof(scrape)));
	return true;
}

/* ---- the thread ---- */

static void
begin_round(struct scraper *s)
{
	if (mailbox_waiting(s->letters) > SCRAPE_WAITING)
		return;
	for (size_t i = 0; i < s->n; i++) {
		struct target *t = &s->targets[i];

		if (t->asked || is_others(s, t))
			continue;
		t->asked = true;
		t->too_large = false;
		t->error[0] = '\0';
		curl_multi_add_handle(s->multi, t->curl);
	}
}

static void
take_answers(struct scraper *s)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(s->multi, &left))) {
		CURLcode code = m->data.result;
		struct target *t;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		finish(s, t, code);
	}
}

/* Rounds begin on a grid, so that none of them is late because of those before. */
static void *
scraper_main(void *arg)
{
	struct scraper *s = arg;
	int64_t due = clock_mono_ms();

	while (!atomic_load(&s->stop)) {
		int64_t now = clock_mono_ms();
		int running;

		if (now >= due) {
			begin_round(s);
			due += (now - due) / SCRAPE_INTERVAL_MS * SCRAPE_INTERVAL_MS + SCRAPE_INTERVAL_MS;
		}
		curl_multi_perform(s->multi, &running);
		take_answers(s);
		now = clock_mono_ms();
		if (due > now)
			curl_multi_poll(s->multi, NULL, 0, (int)(due - now), NULL);
	}
	return NULL;
}

/* ---- from start to end ---- */

static CURL *
make_handle(struct scraper *s, struct target *t, const char *address)
{
	CURL *c = curl_easy_init();
	char *url = xasprintf("http://%s/metrics", address);
	bool ok = c && curl_easy_setopt(c, CURLOPT_URL, url) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK && /* producers are near */
		  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK && /* no wait for a name's look-up */
		  curl_easy_setopt(c, CURLOPT_USERAGENT, "exptop/" PACKAGE_VERSION) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->headers) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)SCRAPE_TIMEOUT_MS) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)SCRAPE_BYTES) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_bytes) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_WRITEDATA, t) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_PRIVATE, t) == CURLE_OK &&
		  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error) == CURLE_OK;

	free(url);
	if (ok)
		return c;
	curl_easy_cleanup(c);
	return NULL;
}

static void
scraper_free(struct scraper *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->targets[i].asked)
			curl_multi_remove_handle(s->multi, s->targets[i].curl);
		curl_easy_cleanup(s->targets[i].curl);
		buf_free(&s->targets[i].body);
	}
	curl_multi_cleanup(s->multi);
	curl_slist_free_all(s->headers);
	mailbox_free(s->letters, free);
	free(s->targets);
	free(s);
	curl_global_cleanup();
}

struct scraper *
scraper_start(const struct strings *addresses, const struct strings *topics, bool own, struct err *err)
{
	struct scraper *s = xcalloc(1, sizeof(*s));
	bool ok;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	s->topics = topics;
	s->own = own;
	s->n = addresses->n;
	s->targets = xcalloc(s->n + 1, sizeof(*s->targets));
	s->letters = mailbox_new();
	s->multi = curl_multi_init();
	s->headers = curl_slist_append(NULL, accepts);
	ok = s->multi && s->headers;
	for (size_t i = 0; i < s->n; i++)
		s->targets[i].port = atoi(strrchr(addresses->item[i], ':') + 1);
	for (size_t i = 0; ok && i < s->n; i++)
		ok = (s->targets[i].curl = make_handle(s, &s->targets[i], addresses->item[i])) != NULL;
	if (ok) {
		s->thread = thread_start(scraper_main, s);
		return s;
	}
	err_set(err, "libcurl does not start");
	scraper_free(s);
	return NULL;
}

struct mailbox *
scraper_letters(struct scraper *s)
{
	return s->letters;
}

bool
scraper_stop(struct scraper *s)
{
	if (!s)
		return true;
	atomic_store(&s->stop, true);
	curl_multi_wakeup(s->multi);
	if (!thread_join(s->thread, STOP_MS))
		return false;
	scraper_free(s);
	return true;
}
