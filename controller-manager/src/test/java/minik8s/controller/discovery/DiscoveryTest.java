package minik8s.controller.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import minik8s.api.Failure;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiscoveryTest {
  private static final Map<String, String> DOCUMENTS =
      Map.of(
          "/api/v1",
          "{\"resources\":[{\"name\":\"pods\",\"kind\":\"Pod\",\"namespaced\":true,"
              + "\"verbs\":[\"list\"]},{\"name\":\"pods/log\",\"kind\":\"Pod\"}]}",
          "/apis",
          "{\"groups\":[{\"name\":\"autoscaling\",\"versions\":[{\"version\":\"v1\"},"
              + "{\"version\":\"v2\"}],\"preferredVersion\":{\"version\":\"v2\"}},"
              + "{\"name\":\"broken\",\"versions\":[{\"version\":\"v1\"}]}]}",
          "/apis/autoscaling/v1",
          "{\"resources\":[{\"name\":\"hpas\",\"kind\":\"Hpa\",\"namespaced\":true},"
              + "{\"name\":\"old\",\"kind\":\"Old\"}]}",
          "/apis/autoscaling/v2",
          "{\"resources\":[{\"name\":\"hpas\",\"kind\":\"Hpa\",\"namespaced\":true}]}");

  private static JsonNode read(String path) {
    String document = DOCUMENTS.get(path);
    if (document == null) {
      throw Failure.unavailable("down").asException();
    }
    return Json.parse(document);
  }

  @Test
  void findsEachResourceOnceInItsPreferredVersion() {
    Discovery.Found found = new Discovery(DiscoveryTest::read).read();
    assertThat(found.resources())
        .extracting(served -> served.resource().apiVersion() + " " + served.resource().plural())
        .containsExactly("v1 pods", "autoscaling/v2 hpas", "autoscaling/v1 old");
    assertThat(found.resources().getFirst().can("list")).isTrue();
    assertThat(found.resources().getFirst().can("list", "delete")).isFalse();
  }

  @Test
  void namesWhatItCouldNotRead() {
    assertThat(new Discovery(DiscoveryTest::read).read().failures())
        .containsExactly("broken/v1: down");
  }
}
