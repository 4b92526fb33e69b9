/* SPDX-License-Identifier: MIT */
/*
 * What only the codec can say of the records in a view: the text of a row, the
 * fields, schema and problem of a detail, from the bytes that the model put
 * there. It is made once for a record, and cut while it is made; everything in a
 * view is a copy in its arena. Engine thread.
 */
#ifndef ENGINE_PRESENT_H
#define ENGINE_PRESENT_H

#include "base/buf.h"
#include "codec/container.h"
#include "model/view.h"

enum {
	PRESENT_TEXT = 600,           /* bytes of a row's text; a field's has four times as many */
	PRESENT_FIELDS = 2000,        /* fields of a detail */
	PRESENT_LARGE = 1024 * 1024,  /* bytes of a value, or of its records, whose text is made when it comes */
};

struct presenter;

struct presenter *presenter_new(void);
void presenter_free(struct presenter *p);

void present(struct presenter *p, struct view *view);

/* Append the text of a row to OUT: of a container; of a value that is none. */
void present_records(struct buf *out, const struct container *c);
void present_plain(struct buf *out, struct slice value);

/* The first event of the detail in VIEW that has a measurement_hash, until the next
 * present(); NULL: there is none. After present(). */
const struct event *present_hashed(const struct presenter *p, const struct view *view);

#endif
