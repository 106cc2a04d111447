package io.campaignroutes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * What lies in the jar may be given on under its licence, by the jar's own bill of materials. A
 * build offline has none, and this is left out there: its plugin wants to be online.
 */
class LicencesIT {
  private static final String BILL = "META-INF/sbom/application.cdx.json";

  /** By their SPDX ids. Of several that one may choose from, one is enough. */
  private static final Set<String> ALLOWED =
      Set.of(
          "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-2.0", "MIT", "Unicode-3.0");

  @Test
  void eachPartOfTheJarHasALicenceThatIsAllowed() throws IOException {
    List<String> others = new ArrayList<>();
    JsonNode parts = bill().path("components");
    assertThat(parts).hasSizeGreaterThan(100);
    for (JsonNode part : parts) {
      List<String> licences = new ArrayList<>();
      part.path("licenses").forEach(one -> licences.add(name(one)));
      if (licences.stream().noneMatch(ALLOWED::contains)) {
        others.add(part.path("purl").asText() + " " + licences);
      }
    }
    assertThat(others).isEmpty();
  }

  private static String name(JsonNode one) {
    JsonNode licence = one.path("license");
    return licence.path("id").asText(licence.path("name").asText(one.path("expression").asText()));
  }

  private static JsonNode bill() throws IOException {
    try (var jar = new ZipFile(PackagedService.JAR.toFile())) {
      ZipEntry bill = jar.getEntry(BILL);
      assumeThat(bill).as("a bill of materials in the jar").isNotNull();
      return ServiceClient.JSON.readTree(jar.getInputStream(bill).readAllBytes());
    }
  }
}
