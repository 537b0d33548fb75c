package minik8s.scheduler.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.plugins.StandardProfile;
import tools.jackson.databind.JsonNode;

/**
 * What a KubeSchedulerConfiguration says. Immutable.
 *
 * @param warnings sentences about what is accepted and has no effect
 */
public record Configuration(List<Profile> profiles, List<String> warnings) {
  private static final String API = "kubescheduler.config.k8s.io/v1";
  private static final String KIND = "KubeSchedulerConfiguration";

  /** Fields that are set by flags here, or that this scheduler has no use for. */
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "clientConnection",
          "leaderElection",
          "parallelism",
          "enableProfiling",
          "enableContentionProfiling",
          "podInitialBackoffSeconds",
          "podMaxBackoffSeconds",
          "delayCacheUntilActive");

  public Configuration {
    profiles = List.copyOf(profiles);
    warnings = List.copyOf(warnings);
  }

  /** Without a file: one profile with all defaults. */
  public static Configuration standard() {
    return new Configuration(List.of(StandardProfile.create()), List.of());
  }

  /**
   * Reads a configuration.
   *
   * @throws IllegalArgumentException with the place and what is wrong there
   */
  public static Configuration of(JsonNode document) {
    Place root = new Place("", document);
    List<String> known =
        new ArrayList<>(List.of("apiVersion", "kind", "profiles", "percentageOfNodesToScore"));
    known.addAll(WITHOUT_EFFECT);
    root.only(known.toArray(String[]::new));
    root.at("apiVersion").oneOf("", List.of(API));
    root.at("kind").oneOf("", List.of(KIND));
    int percent = root.at("percentageOfNodesToScore").number(0, 0, 100);
    List<Profile> profiles = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Place place : root.at("profiles").elements()) {
      Profile profile = profile(place, percent);
      if (!names.add(profile.schedulerName())) {
        throw place
            .at("schedulerName")
            .fault("Duplicate value: \"" + profile.schedulerName() + "\"");
      }
      profiles.add(profile);
    }
    if (profiles.isEmpty()) {
      profiles.add(ProfileReader.read(new Place("profiles[0]", document.path("absent")), percent));
    }
    return new Configuration(profiles, warnings(root));
  }

  private static Profile profile(Place place, int percent) {
    place.only("schedulerName", "percentageOfNodesToScore", "plugins", "pluginConfig");
    return ProfileReader.read(place, place.at("percentageOfNodesToScore").number(percent, 0, 100));
  }

  private static List<String> warnings(Place root) {
    return WITHOUT_EFFECT.stream()
        .filter(field -> root.at(field).present())
        .map(field -> field + ": accepted, but without effect in this scheduler")
        .toList();
  }
}
