package minik8s.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minik8s.api.codec.Json;
import tools.jackson.databind.JsonNode;

/** A Prometheus server, asked over its HTTP API. Thread-safe. */
record Prometheus(String address, HttpClient http) {
  Prometheus(String address) {
    this(address, HttpClient.newHttpClient());
  }

  /** One series with its newest value. Immutable. */
  record Sample(Map<String, String> labels, double value) {
    String label(String name) {
      return labels.getOrDefault(name, "");
    }
  }

  /**
   * What a query gives now.
   *
   * @throws IllegalArgumentException with Prometheus' words when the query is wrong
   */
  List<Sample> query(String query) {
    JsonNode answer = get("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8));
    if (!answer.path("status").asString("").equals("success")) {
      throw new IllegalArgumentException(query + ": " + answer.path("error").asString(""));
    }
    List<Sample> samples = new ArrayList<>();
    for (JsonNode series : answer.path("data").path("result")) {
      Map<String, String> labels = new TreeMap<>();
      series
          .path("metric")
          .properties()
          .forEach(l -> labels.put(l.getKey(), l.getValue().asString("")));
      samples.add(new Sample(labels, number(series.path("value").get(1).asString(""))));
    }
    return samples;
  }

  /** Prometheus writes the infinite as Go does. */
  private static double number(String text) {
    return Double.parseDouble(text.replace("Inf", "Infinity"));
  }

  /** Whether a query gives anything. */
  boolean has(String query) {
    return !query(query).isEmpty();
  }

  /** The values that a label has among present series, sorted. */
  List<String> labelValues(String selector, String label) {
    return query("group by (" + label + ") (" + selector + ")").stream()
        .map(sample -> sample.label(label))
        .filter(value -> !value.isEmpty())
        .sorted()
        .toList();
  }

  private JsonNode get(String path) {
    try {
      return Json.parse(
          http.send(
                  HttpRequest.newBuilder(URI.create(address + path)).build(),
                  HttpResponse.BodyHandlers.ofByteArray())
              .body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
