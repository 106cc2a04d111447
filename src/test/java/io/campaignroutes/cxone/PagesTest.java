package io.campaignroutes.cxone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PagesTest {
  private final Pages pages = new Pages("lists", 1, skip -> "skip=" + skip);

  @Test
  void aListHasTheEntriesOfAllItsPages() {
    assertThat(pages.take(page("1"))).isTrue();
    assertThat(pages.query()).isEqualTo("skip=1");
    assertThat(pages.take(page("2"))).isTrue();
    assertThat(pages.take("{\"lists\":[]}".getBytes(StandardCharsets.UTF_8))).isFalse();
    assertThat(pages.whole().get("lists")).hasSize(2);
  }

  @Test
  void aPageThatComesAgainIsNoList() {
    pages.take(page("1"));
    assertThatThrownBy(() -> pages.take(page("1")))
        .isInstanceOf(CxoneUnavailableException.class)
        .hasMessageContaining("same page");
  }

  @Test
  void pagesWithoutAnEndAreNoList() {
    assertThatThrownBy(
            () -> {
              for (int n = 0; n < 1_001; n++) {
                pages.take(page(String.valueOf(n)));
              }
            })
        .isInstanceOf(CxoneUnavailableException.class)
        .hasMessageContaining("1000 pages");
  }

  private static byte[] page(String id) {
    return "{\"lists\":[{\"id\":\"%s\"}]}".formatted(id).getBytes(StandardCharsets.UTF_8);
  }
}
