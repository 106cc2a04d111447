package io.campaignroutes.witness;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The messages in one direction of an HTTP/1.1 connection, read as they come. Gives up where they
 * cannot be followed: tests send what is malformed too.
 */
final class HttpMessages {
  private static final int MAX_HEAD = 1 << 18;
  private static final int MAX_BODY = 1 << 22;
  private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})\\s*(?:;.*)?");

  /** Who is told of them. */
  interface Listener {
    /**
     * A message begins.
     *
     * @return whether it can have a body
     */
    boolean head(String first, Map<String, List<String>> headers);

    /**
     * It has ended.
     *
     * @param whole false when its body was cut off, here because it is too long, or by its sender
     */
    void end(byte[] body, boolean whole);
  }

  private enum State {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    UNTIL_CLOSE,
    LOST
  }

  private final boolean answers;
  private final Listener listener;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<String> lines = new ArrayList<>();
  private State state = State.HEAD;
  private long left;
  private int headLength;
  private boolean cut;

  HttpMessages(boolean answers, Listener listener) {
    this.answers = answers;
    this.listener = listener;
  }

  /** Whether these are the service's. */
  boolean answers() {
    return answers;
  }

  void read(byte[] bytes, int length) {
    int at = 0;
    while (at < length && state != State.LOST) {
      switch (state) {
        case LENGTH, CHUNK, UNTIL_CLOSE -> {
          int take =
              (int) Math.min(length - at, state == State.UNTIL_CLOSE ? Long.MAX_VALUE : left);
          keep(bytes, at, take);
          at += take;
          left -= take;
          if (left == 0 && state == State.LENGTH) {
            end(true);
          } else if (left == 0 && state == State.CHUNK) {
            state = State.CHUNK_END;
          }
        }
        default -> {
          byte one = bytes[at++];
          if (one == '\n') {
            String text = line.toString(StandardCharsets.ISO_8859_1);
            line.reset();
            line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
          } else if (++headLength > MAX_HEAD) {
            state = State.LOST;
          } else {
            line.write(one);
          }
        }
      }
    }
  }

  private void keep(byte[] bytes, int from, int length) {
    int some = Math.min(length, MAX_BODY - body.size());
    body.write(bytes, from, some);
    cut |= some < length;
  }

  private void line(String text) {
    switch (state) {
      case HEAD -> {
        if (!text.isEmpty()) {
          lines.add(text);
        } else if (!lines.isEmpty()) {
          headLength = 0;
          head();
        }
      }
      case CHUNK_SIZE -> {
        headLength = 0;
        var size = CHUNK.matcher(text);
        if (!size.matches()) {
          state = State.LOST;
          return;
        }
        left = Long.parseLong(size.group(1), 16);
        state = left == 0 ? State.TRAILER : State.CHUNK;
      }
      case CHUNK_END -> state = State.CHUNK_SIZE;
      case TRAILER -> {
        if (text.isEmpty()) {
          end(true);
        }
      }
      default -> throw new IllegalStateException(state.name());
    }
  }

  private void head() {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String header : lines.subList(1, lines.size())) {
      int colon = header.indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(
                header.substring(0, colon).toLowerCase(Locale.ROOT), any -> new ArrayList<>())
            .add(header.substring(colon + 1).strip());
      }
    }
    String first = lines.get(0);
    lines.clear();
    boolean canHaveBody = listener.head(first, headers);
    String encoding = first(headers, "transfer-encoding").orElse("");
    Optional<String> length = first(headers, "content-length");
    if (!canHaveBody) {
      end(true);
    } else if (!encoding.isEmpty()) {
      state = encoding.equalsIgnoreCase("chunked") ? State.CHUNK_SIZE : State.LOST;
    } else if (length.isPresent()) {
      state = length.get().matches("\\d{1,18}") ? State.LENGTH : State.LOST;
      left = state == State.LOST ? 0 : Long.parseLong(length.get());
      if (state == State.LENGTH && left == 0) {
        end(true);
      }
    } else if (answers) {
      state = State.UNTIL_CLOSE;
    } else {
      end(true);
    }
  }

  private static Optional<String> first(Map<String, List<String>> headers, String name) {
    return Optional.ofNullable(headers.get(name)).map(all -> all.get(0));
  }

  private void end(boolean whole) {
    byte[] all = body.toByteArray();
    body.reset();
    boolean complete = whole && !cut;
    cut = false;
    state = State.HEAD;
    listener.end(all, complete);
  }

  /** Nothing more comes. */
  void close() {
    switch (state) {
      case UNTIL_CLOSE -> end(true);
      case HEAD, LOST -> {}
      default -> end(false);
    }
    state = State.LOST;
  }
}
