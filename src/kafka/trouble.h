/* SPDX-License-Identifier: MIT */
/*
 * What went wrong with which broker lately, so that one outage is one sentence: not
 * one for each broker that is gone, and not one for each try to reach it. Pure; one
 * owner.
 */
#ifndef KAFKA_TROUBLE_H
#define KAFKA_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

enum { TROUBLES = 16, TROUBLE_BROKER = 128 };

struct troubles {
	struct trouble {
		const char *kind; /* NULL: unused; borrowed, compared as a text */
		char broker[TROUBLE_BROKER];
		int64_t last, said; /* mono ms; said: 0 when another broker's sentence stood for it */
	} item[TROUBLES];
};

/* BROKER has a trouble of this KIND at NOW (ms, above 0). True when it should be said: neither had the broker
 * had it within the last minute, nor was it said of another broker within the last 10 s. */
bool troubles_news(struct troubles *t, const char *kind, const char *broker, int64_t now);

#endif
