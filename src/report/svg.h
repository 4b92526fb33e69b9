/* SPDX-License-Identifier: MIT */
/*
 * A small SVG writer: shapes of a class, whose looks are the page's style sheet.
 * Coordinates are in units of the view box, numbers have one decimal. Every
 * drawing has a title and a description for who does not see it. Pure.
 */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "base/buf.h"

/* NUMBER makes the id of the description the page's own. */
void svg_begin(struct buf *out, int number, int w, int h, struct slice title, struct slice description);
void svg_end(struct buf *out);

void svg_line(struct buf *out, const char *class, double x1, double y1, double x2, double y2);

/* TITLE is what a pointer over it shows; null: nothing. */
void svg_rect(struct buf *out, const char *class, double x, double y, double w, double h, struct slice title);

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };
void svg_text(struct buf *out, const char *class, double x, double y, enum svg_anchor anchor, struct slice text);

/* A sign of a size that is seen: round, a triangle up or down. */
enum svg_sign { SVG_ROUND, SVG_UP, SVG_DOWN };
void svg_mark(struct buf *out, const char *class, enum svg_sign sign, double x, double y, struct slice title);

/* A path point by point: the first moves there. CLOSE makes an area of it. */
void svg_path_begin(struct buf *out, const char *class);
void svg_path_point(struct buf *out, bool first, double x, double y);
void svg_path_end(struct buf *out, bool close);

#endif
