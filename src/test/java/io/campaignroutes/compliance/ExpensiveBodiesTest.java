package io.campaignroutes.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.campaignroutes.campaign.InvalidRequestException;
import io.campaignroutes.campaign.RequestJson;
import io.campaignroutes.text.Json;
import io.campaignroutes.text.UnreadableJsonException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are made to cost as much as they can. */
class ExpensiveBodiesTest {
  private static final int LARGE = 1 << 20;
  private static final double MAX_MS_PER_KB = 2;

  /** What is allowed besides: the sizes go down to bodies that cost no more than any request. */
  private static final double ANY_REQUEST_MS = 10;

  /** Allocated, not held: what is held at one time is less. */
  private static final long MAX_BYTES_PER_BYTE = 24;

  private static final long ANY_REQUEST_BYTES = 8 << 20;

  private static final RequestChecks CHECKS = Fixture.CHECKS;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private record Shape(String name, String body) {
    @Override
    public String toString() {
      return name + ", " + body.length() + " bytes";
    }
  }

  private static String fill(String before, String again, String after, int size) {
    return before + again.repeat(Math.max(1, size / again.length())) + after;
  }

  private static String names(int size, String value) {
    return IntStream.range(0, Math.max(1, size / (8 + value.length())))
        .mapToObj(i -> "\"x" + Integer.toString(i, 36) + "\":" + value)
        .collect(Collectors.joining(",", "{", "}"));
  }

  static Stream<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (int size : new int[] {1 << 10, 1 << 14, 1 << 17, LARGE}) {
      Map<String, String> of = new LinkedHashMap<>();
      of.put("zeros for days", fill("{\"schedule\":{\"daysOfWeek\":[0", ",0", "]}}", size));
      of.put("days again", fill("{\"schedule\":{\"daysOfWeek\":[\"MON\"", ",\"MON\"", "]}}", size));
      of.put("a list of objects", fill("[{}", ",{}", "]", size));
      of.put("a list in a field", fill("{\"name\":[{}", ",{}", "]}", size));
      of.put("unknown names", names(size, "0"));
      of.put("unknown names with objects", names(size, "{}"));
      of.put("unknown in pacing", "{\"pacing\":" + names(size, "0") + "}");
      of.put(
          "unknown in three",
          "{\"pacing\":"
              + names(size / 3, "0")
              + ",\"schedule\":"
              + names(size / 3, "0")
              + ",\"compliance\":"
              + names(size / 3, "0")
              + "}");
      of.put("the same name", fill("{\"name\":0", ",\"name\":0", "}", size));
      of.put("depth", "[".repeat(size));
      of.put("depth of objects", "{\"a\":".repeat(size / 5));
      of.put("a long number", fill("{\"pacingLimit\":1", "0", "}", size));
      of.put(
          "numbers of 999 digits",
          fill("{\"schedule\":{\"daysOfWeek\":[0", "," + "9".repeat(999), "]}}", size));
      of.put(
          "fractions of 999 digits",
          fill("{\"schedule\":{\"daysOfWeek\":[0", ",0." + "9".repeat(990), "]}}", size));
      of.put(
          "huge exponents", fill("{\"schedule\":{\"daysOfWeek\":[0", ",1e999999999", "]}}", size));
      of.put(
          "tiny exponents", fill("{\"schedule\":{\"daysOfWeek\":[0", ",1e-999999999", "]}}", size));
      of.put("one huge exponent", "{\"pacingLimit\":1e999999999}");
      of.put("a long name", fill("{\"name\":\"", "a", "\"}", size));
      of.put("a name of dots", fill("{\"name\":\"", "../", "\"}", size));
      of.put("a name of spaces", fill("{\"name\":\"a", " ", "\"}", size));
      of.put("a name of marks", fill("{\"name\":\"a", "\u0301", "\"}", size / 2));
      of.put("a name of faces", fill("{\"name\":\"a", "\ud83d\ude00", "\"}", size / 2));
      of.put("a long pool", fill("{\"agentPoolId\":\"", "a", "\"}", size));
      of.put("a long policy", fill("{\"policy\":\"", "a-", "\"}", size));
      of.put("a long zone", fill("{\"timeZone\":\"", "America/", "\"}", size));
      of.put("a long time", fill("{\"stopAt\":\"", "9", "\"}", size));
      of.put("a long address", fill("{\"externalWebhookUrl\":\"http://", "a-.", "\"}", size));
      of.put("a long unknown name", fill("{\"", "n", "\":0}", size));
      of.put("no JSON", fill("{", "x", "", size));
      of.put("escapes", fill("{\"name\":\"", "\\u0000", "\"}", size));
      of.put("spaces", fill("{", " ", "}", size));
      of.forEach((name, body) -> shapes.add(new Shape(name, body)));
    }
    return shapes.stream();
  }

  private static int check(byte[] body) {
    try {
      return CHECKS.check(RequestJson.read(body), java.time.Instant.EPOCH).findings().size();
    } catch (InvalidRequestException e) {
      return e.findings().size();
    } catch (UnreadableJsonException e) {
      assertThat(e.getMessage()).hasSizeLessThan(400);
      return -1;
    }
  }

  /** What one more of these costs, the cheapest of a few: others use the processor too. */
  private static void assertCheap(Shape shape, Runnable work) {
    work.run();
    double least = Double.MAX_VALUE;
    long bytes = Long.MAX_VALUE;
    long self = Thread.currentThread().getId();
    double most = ANY_REQUEST_MS + MAX_MS_PER_KB * shape.body().length() / 1024;
    for (int i = 0; i < 5; i++) {
      long before = THREADS.getThreadAllocatedBytes(self);
      long cpu = THREADS.getCurrentThreadCpuTime();
      work.run();
      least = Math.min(least, (THREADS.getCurrentThreadCpuTime() - cpu) / 1e6);
      bytes = Math.min(bytes, THREADS.getThreadAllocatedBytes(self) - before);
    }
    assertThat(least).as("ms of processor time").isLessThan(most);
    assertThat(bytes)
        .as("bytes")
        .isLessThan(ANY_REQUEST_BYTES + MAX_BYTES_PER_BYTE * shape.body().length());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void noRequestCostsMoreThanItsSizeAllows(Shape shape) {
    byte[] body = shape.body().getBytes(StandardCharsets.UTF_8);
    assertThat(check(body)).isBetween(-1, 100).isNotZero();
    assertCheap(shape, () -> check(body));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void noEventCostsMoreThanItsSizeAllows(Shape shape) {
    byte[] body = shape.body().getBytes(StandardCharsets.UTF_8);
    assertCheap(
        shape,
        () -> {
          try {
            Json.eventFields(body, Set.of("campaignId", "name"));
          } catch (UnreadableJsonException e) {
            assertThat(e.getMessage()).hasSizeLessThan(400);
          }
        });
  }
}
