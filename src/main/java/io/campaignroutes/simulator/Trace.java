package io.campaignroutes.simulator;

import io.campaignroutes.dialer.CampaignTotals;
import io.campaignroutes.pacing.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One run over time. */
record Trace(String title, List<Point> points) {
  private static final int WIDTH = 960;
  private static final int PANEL = 150;
  private static final int GAP = 44;
  private static final int LEFT = 56;
  private static final int RIGHT = 16;
  private static final int TOP = 46;
  private static final int MAX_POINTS = 900;
  private static final double CAP = 0.03;

  /**
   * A moment.
   *
   * @param seconds since the start
   * @param rate calls/s in force
   * @param busy agents on a call
   * @param staffed agents at work
   * @param abandoned share of the calls answered so far
   */
  record Point(double seconds, double rate, double busy, double staffed, double abandoned) {}

  /** Runs the law with one seed. */
  static Trace of(Scenario scenario, Laws laws, long seed) {
    List<Point> points = new ArrayList<>();
    Simulation.run(
        scenario,
        laws.pacer(Strategy.PREDICTIVE),
        seed,
        (now, campaign) -> {
          CampaignTotals totals = campaign.totals();
          points.add(
              new Point(
                  now,
                  campaign.rate(),
                  campaign.pool().busy(),
                  campaign.pool().staffed(),
                  totals.answered() == 0 ? 0 : (double) totals.abandoned() / totals.answered()));
        });
    return new Trace(scenario.name() + ", seed " + seed, points);
  }

  /** Comma-separated, with a head. */
  String csv() {
    StringBuilder text = new StringBuilder("seconds,callsPerSecond,busy,staffed,abandoned\n");
    for (Point point : points) {
      text.append(
          String.format(
              Locale.ROOT,
              "%.0f,%.2f,%.0f,%.0f,%.5f%n",
              point.seconds(),
              point.rate(),
              point.busy(),
              point.staffed(),
              point.abandoned()));
    }
    return text.toString();
  }

  /** Three panels above each other: rate, agents, abandonment. */
  String svg() {
    int height = TOP + 3 * PANEL + 3 * GAP;
    StringBuilder svg =
        new StringBuilder()
            .append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
            .append(WIDTH + " " + height)
            .append("\" font-family=\"sans-serif\" font-size=\"12\">\n")
            .append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n")
            .append(text(LEFT, 22, "font-size=\"15\" font-weight=\"bold\"", title));
    double end = points.isEmpty() ? 1 : points.get(points.size() - 1).seconds();
    double rates = most(Point::rate);
    double agents = most(Point::staffed);
    double lost = Math.max(2 * CAP, Math.min(0.2, most(Point::abandoned)));
    panel(svg, 0, "calls a second", rates, end);
    line(svg, 0, "#1f6feb", Point::rate, rates, end);
    panel(svg, 1, "busy agents (grey: staffed)", agents, end);
    line(svg, 1, "#9aa4ad", Point::staffed, agents, end);
    line(svg, 1, "#1a7f37", Point::busy, agents, end);
    panel(svg, 2, "abandoned so far, % (dashed: 3 %)", lost * 100, end);
    double capAt = top(2) + PANEL * (1 - CAP / lost);
    svg.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#cf222e\""
                + " stroke-dasharray=\"5 4\"/>%n",
            LEFT,
            WIDTH - RIGHT,
            capAt,
            capAt));
    line(svg, 2, "#8250df", Point::abandoned, lost, end);
    return svg.append("</svg>\n").toString();
  }

  private double most(ToDoubleFunction<Point> value) {
    return Math.max(1e-3, points.stream().skip(1).mapToDouble(value).max().orElse(1));
  }

  private static int top(int panel) {
    return TOP + panel * (PANEL + GAP);
  }

  private static void panel(StringBuilder svg, int panel, String name, double most, double end) {
    int top = top(panel);
    svg.append(text(LEFT, top - 6, "fill=\"#444\"", name));
    for (int i = 0; i <= 2; i++) {
      double y = top + PANEL - PANEL * i / 2.0;
      svg.append(
              String.format(
                  Locale.ROOT,
                  "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                  LEFT,
                  WIDTH - RIGHT,
                  y,
                  y))
          .append(
              text(
                  LEFT - 6,
                  (int) y + 4,
                  "text-anchor=\"end\" fill=\"#444\"",
                  String.format(Locale.ROOT, most < 10 ? "%.1f" : "%.0f", most * i / 2)));
    }
    int hours = (int) Math.floor(end / 3600);
    int every = Math.max(1, hours / 12);
    for (int hour = 0; hour <= hours; hour += every) {
      int x = (int) Math.round(LEFT + (WIDTH - LEFT - RIGHT) * hour * 3600 / end);
      svg.append(text(x, top + PANEL + 15, "text-anchor=\"middle\" fill=\"#444\"", hour + " h"));
    }
  }

  private void line(
      StringBuilder svg,
      int panel,
      String colour,
      ToDoubleFunction<Point> value,
      double most,
      double end) {
    int bin = Math.max(1, points.size() / MAX_POINTS);
    svg.append("<polyline fill=\"none\" stroke-width=\"1.2\" stroke=\"")
        .append(colour)
        .append("\" points=\"");
    for (int i = 0; i + bin <= points.size(); i += bin) {
      double mean = 0;
      for (Point point : points.subList(i, i + bin)) {
        mean += value.applyAsDouble(point) / bin;
      }
      double x = LEFT + (WIDTH - LEFT - RIGHT) * points.get(i).seconds() / end;
      double y = top(panel) + PANEL * (1 - Math.min(1, mean / most));
      svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    svg.append("\"/>\n");
  }

  private static String text(int x, int y, String style, String words) {
    return "<text x=\"" + x + "\" y=\"" + y + "\" " + style + ">" + words + "</text>\n";
  }
}
