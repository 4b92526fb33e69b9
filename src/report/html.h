/* SPDX-License-Identifier: MIT */
/*
 * Text for a page, HTML that is well-formed XML, too. Foreign bytes go through
 * html_text() in elements and in attributes: what cannot be seen, or would turn
 * the text round, is escaped (base/text.h), then what HTML would take as its own.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/buf.h"

void html_text(struct buf *out, struct slice text);

/* <ELEMENT>TEXT</ELEMENT> */
void html_element(struct buf *out, const char *element, struct slice text);

#endif
