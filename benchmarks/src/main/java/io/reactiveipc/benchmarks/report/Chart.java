package io.reactiveipc.benchmarks.report;

import io.reactiveipc.benchmarks.report.Svg.Anchor;
import io.reactiveipc.benchmarks.report.Svg.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A chart with lines or dots, one colour per contender, whose names stand beside them instead of in a legend. */
final class Chart {
    /** A mark of an axis. */
    record Tick(double value, String label) {}

    /** One contender's points, in the axes' units. */
    record Series(String peer, List<Point> points) {}

    private static final int WIDTH = 920;
    private static final int HEIGHT = 520;
    private static final int LEFT = 84;
    private static final int RIGHT = 190;
    private static final int TOP = 84;
    private static final int BOTTOM = 64;
    private static final int LABEL_GAP = 16;
    private static final String INK = "#1f2430";
    private static final String SOFT = "#6b7280";
    private static final String GRID = "#e6e8ec";
    private static final Map<String, String> COLOURS = Map.ofEntries(
            Map.entry("reactive-ipc", "#d9480f"),
            Map.entry("reactive-ipc-record", "#f08c3a"),
            Map.entry("reactive-ipc-no-flag", "#e8a87c"),
            Map.entry("reactive-ipc-no-heartbeat", "#e8a87c"),
            Map.entry("aeron", "#1864ab"),
            Map.entry("aeron-flux", "#74a9d8"),
            Map.entry("agrona", "#2b8a3e"),
            Map.entry("chronicle", "#862e9c"),
            Map.entry("rsocket", "#c2255c"),
            Map.entry("reactor-netty", "#5f6b7a"),
            Map.entry("unix-socket", "#0b7285"),
            Map.entry("c-limit", "#111111"));

    private final Svg svg = new Svg(WIDTH, HEIGHT);
    private final Axis x;
    private final Axis y;

    /** An axis: what it is called, its marks, and whether equal factors are equal distances. */
    record Axis(String title, List<Tick> ticks, boolean logarithmic) {
        double share(double value) {
            double first = scale(ticks.get(0).value());
            double last = scale(ticks.get(ticks.size() - 1).value());
            return first == last ? 0.5 : (scale(value) - first) / (last - first);
        }

        private double scale(double value) {
            return logarithmic ? Math.log10(value) : value;
        }

        /** Powers of ten around the values, each with its 2 and 5 where there are few of them. */
        static Axis powers(String title, List<Double> values, java.util.function.DoubleFunction<String> label) {
            double low = values.stream().mapToDouble(v -> v).min().orElse(1);
            double high = values.stream().mapToDouble(v -> v).max().orElse(10);
            boolean few = high / low < 300;
            List<Tick> ticks = new ArrayList<>();
            double[] steps = few ? new double[] {1, 2, 5} : new double[] {1};
            for (int power = (int) Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)); power++) {
                for (double step : steps) {
                    double value = step * Math.pow(10, power);
                    ticks.add(new Tick(value, label.apply(value)));
                }
            }
            int first = 0;
            while (first + 1 < ticks.size() && ticks.get(first + 1).value() <= low) {
                first++;
            }
            int last = ticks.size() - 1;
            while (last > first + 1 && ticks.get(last - 1).value() >= high) {
                last--;
            }
            return new Axis(title, ticks.subList(first, last + 1), true);
        }
    }

    Chart(String title, String subtitle, Axis x, Axis y) {
        this.x = x;
        this.y = y;
        svg.text(LEFT - 50, 36, 20, INK, Anchor.START, true, title);
        svg.text(LEFT - 50, 58, 13, SOFT, Anchor.START, false, subtitle);
        for (Tick tick : y.ticks()) {
            double at = y(tick.value());
            svg.line(new Point(LEFT, at), new Point(WIDTH - RIGHT, at), GRID, 1);
            svg.text(LEFT - 10, at + 4, 12, SOFT, Anchor.END, false, tick.label());
        }
        for (Tick tick : x.ticks()) {
            double at = x(tick.value());
            svg.line(new Point(at, TOP), new Point(at, HEIGHT - BOTTOM), GRID, 1);
            svg.text(at, HEIGHT - BOTTOM + 20, 12, SOFT, Anchor.MIDDLE, false, tick.label());
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 18, 13, SOFT, Anchor.MIDDLE, false, x.title());
        svg.text(LEFT - 50, TOP - 10, 12, SOFT, Anchor.START, false, y.title());
    }

    private double x(double value) {
        return LEFT + x.share(value) * (WIDTH - RIGHT - LEFT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - y.share(value) * (HEIGHT - BOTTOM - TOP);
    }

    private Point place(Point point) {
        return new Point(x(point.x()), y(point.y()));
    }

    /** Lines with the names at their right ends; the project's own are drawn last, and thicker. */
    Chart lines(List<Series> all, boolean dots) {
        List<Series> order = new ArrayList<>(all);
        order.sort(Comparator.comparing(s -> isOwn(s.peer())));
        for (Series series : order) {
            List<Point> placed = series.points().stream().map(this::place).toList();
            svg.path(placed, colour(series.peer()), isOwn(series.peer()) ? 3 : 1.8);
            if (dots) {
                placed.forEach(p -> svg.dot(p, 4, colour(series.peer())));
            }
        }
        nameAtRight(all);
        return this;
    }

    private void nameAtRight(List<Series> all) {
        List<Series> byHeight = new ArrayList<>(all);
        byHeight.sort(Comparator.comparingDouble(s -> endOf(s).y()));
        double next = TOP;
        double[] heights = new double[byHeight.size()];
        for (int i = 0; i < heights.length; i++) {
            heights[i] = Math.max(next, endOf(byHeight.get(i)).y());
            next = heights[i] + LABEL_GAP;
        }
        double limit = HEIGHT - BOTTOM + 4;
        for (int i = heights.length - 1; i >= 0; i--) {
            heights[i] = Math.min(heights[i], limit);
            limit = heights[i] - LABEL_GAP;
        }
        for (int i = 0; i < heights.length; i++) {
            Series series = byHeight.get(i);
            Point end = endOf(series);
            double textX = WIDTH - RIGHT + 22;
            svg.line(
                    new Point(Math.max(end.x(), WIDTH - RIGHT - 2.0) + 3, end.y()),
                    new Point(textX - 4, heights[i]),
                    colour(series.peer()),
                    0.8);
            svg.text(
                    textX,
                    heights[i] + 4,
                    13,
                    colour(series.peer()),
                    Anchor.START,
                    isOwn(series.peer()),
                    series.peer());
        }
    }

    private Point endOf(Series series) {
        return place(series.points().get(series.points().size() - 1));
    }

    /** Dots with the names beside them, moved apart where they would touch. */
    Chart dots(List<Series> all) {
        List<Point> taken = new ArrayList<>();
        List<Series> byHeight = new ArrayList<>(all);
        byHeight.sort(Comparator.comparingDouble(s -> endOf(s).y()));
        for (Series series : byHeight) {
            Point at = endOf(series);
            double height = at.y() + 4;
            boolean moved = true;
            while (moved) {
                moved = false;
                for (Point other : taken) {
                    if (Math.abs(other.y() - height) < LABEL_GAP - 1 && Math.abs(other.x() - at.x()) < 130) {
                        height = other.y() + LABEL_GAP;
                        moved = true;
                    }
                }
            }
            taken.add(new Point(at.x(), height));
            svg.dot(at, isOwn(series.peer()) ? 8 : 6.5, colour(series.peer()));
            svg.text(at.x() + 12, height, 13, colour(series.peer()), Anchor.START, isOwn(series.peer()), series.peer());
        }
        return this;
    }

    String svg() {
        return svg.end();
    }

    private static boolean isOwn(String peer) {
        return peer.equals("reactive-ipc");
    }

    private static String colour(String peer) {
        return COLOURS.getOrDefault(peer, SOFT);
    }
}
