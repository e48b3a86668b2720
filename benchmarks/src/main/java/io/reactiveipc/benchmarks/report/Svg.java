package io.reactiveipc.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A drawing in pixels, from the upper left corner. */
final class Svg {
    private static final String FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif";

    /** Where a text's point is. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** A point. */
    record Point(double x, double y) {}

    private final StringBuilder out = new StringBuilder();

    Svg(int width, int height) {
        out.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\""
                        + " font-family=\"%3$s\">%n<rect width=\"%1$d\" height=\"%2$d\" rx=\"10\" fill=\"#fcfcfd\"/>%n",
                width,
                height,
                FONT));
    }

    void text(double x, double y, int pixels, String colour, Anchor anchor, boolean bold, String text) {
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\"%s>%s</text>%n",
                x,
                y,
                pixels,
                colour,
                anchor.name().toLowerCase(Locale.ROOT),
                bold ? " font-weight=\"600\"" : "",
                escape(text)));
    }

    void line(Point from, Point to, String colour, double width) {
        out.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>%n",
                from.x(),
                from.y(),
                to.x(),
                to.y(),
                colour,
                width));
    }

    void path(List<Point> points, String colour, double width) {
        out.append(String.format(
                Locale.ROOT,
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\" stroke-linejoin=\"round\""
                        + " stroke-linecap=\"round\"/>%n",
                points.stream()
                        .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", p.x(), p.y()))
                        .collect(Collectors.joining(" ")),
                colour,
                width));
    }

    void dot(Point at, double radius, String colour) {
        out.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" stroke=\"#fcfcfd\" stroke-width=\"1.5\"/>%n",
                at.x(),
                at.y(),
                radius,
                colour));
    }

    String end() {
        return out + "</svg>\n";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
