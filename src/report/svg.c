/* SPDX-License-Identifier: MIT */
#include "report/svg.h"

#include "report/html.h"

enum { SIGN = 5 };

void
svg_begin(struct buf *out, int number, int w, int h, struct slice title, struct slice description)
{
	buf_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
		 "aria-describedby=\"d%d\" aria-label=\"", w, h, number);
	html_text(out, title);
	buf_str(out, "\">\n");
	html_element(out, "title", title);
	buf_addf(out, "\n<desc id=\"d%d\">", number);
	html_text(out, description);
	buf_str(out, "</desc>\n");
}

void
svg_end(struct buf *out)
{
	buf_str(out, "</svg>\n");
}

void
svg_line(struct buf *out, const char *class, double x1, double y1, double x2, double y2)
{
	buf_addf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, x1, y1, x2, y2);
}

/* The end of an element that may have a title. */
static void
end_shape(struct buf *out, const char *element, struct slice title)
{
	if (!title.p) {
		buf_str(out, "/>\n");
		return;
	}
	buf_char(out, '>');
	html_element(out, "title", title);
	buf_addf(out, "</%s>\n", element);
}

void
svg_rect(struct buf *out, const char *class, double x, double y, double w, double h, struct slice title)
{
	buf_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"", class, x, y, w, h);
	end_shape(out, "rect", title);
}

void
svg_text(struct buf *out, const char *class, double x, double y, enum svg_anchor anchor, struct slice text)
{
	static const char *const anchors[] = {"start", "middle", "end"};

	buf_addf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", class, x, y, anchors[anchor]);
	html_text(out, text);
	buf_str(out, "</text>\n");
}

void
svg_mark(struct buf *out, const char *class, enum svg_sign sign, double x, double y, struct slice title)
{
	double up = sign == SVG_UP ? -SIGN : SIGN;

	if (sign == SVG_ROUND) {
		buf_addf(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"", class, x, y, SIGN - 1);
		end_shape(out, "circle", title);
		return;
	}
	buf_addf(out, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fZ\"", class, x - SIGN, y - up, x + SIGN,
		 y - up, x, y + up);
	end_shape(out, "path", title);
}

void
svg_path_begin(struct buf *out, const char *class)
{
	buf_addf(out, "<path class=\"%s\" d=\"", class);
}

void
svg_path_point(struct buf *out, bool first, double x, double y)
{
	buf_addf(out, "%c%.1f %.1f", first ? 'M' : 'L', x, y);
}

void
svg_path_end(struct buf *out, bool close)
{
	buf_str(out, close ? "Z\"/>\n" : "\"/>\n");
}
