package minik8s.scheduler.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import minik8s.api.codec.Yaml;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.Profile;
import minik8s.scheduler.plugins.StandardProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
  private static final String HEAD =
      """
      apiVersion: kubescheduler.config.k8s.io/v1
      kind: KubeSchedulerConfiguration
      """;

  @Test
  void meansTheStandardProfileWhenItSaysNothing() {
    Profile read = only(HEAD);
    Profile standard = StandardProfile.create();
    assertThat(read.schedulerName()).isEqualTo("default-scheduler");
    assertThat(filters(read)).isEqualTo(filters(standard));
    assertThat(weights(read)).isEqualTo(weights(standard));
    assertThat(read.preempting()).isTrue();
    assertThat(read.percentOfNodes()).isZero();
  }

  @Test
  void readsSeveralProfilesWithPluginsOfTheirOwn() {
    List<Profile> profiles =
        read("""
        percentageOfNodesToScore: 30
        profiles:
        - schedulerName: default-scheduler
        - schedulerName: packer
          percentageOfNodesToScore: 100
          plugins:
            score:
              disabled: [{name: PodTopologySpread}, {name: ImageLocality}]
              enabled: [{name: NodeResourcesFit, weight: 5}]
            filter:
              disabled: [{name: TaintToleration}]
            postFilter:
              disabled: [{name: '*'}]
          pluginConfig:
          - name: NodeResourcesFit
            args:
              scoringStrategy:
                type: MostAllocated
                resources: [{name: nvidia.com/gpu, weight: 3}, {name: cpu, weight: 1}]
        """)
            .profiles();
    assertThat(profiles).hasSize(2);
    assertThat(profiles.getFirst().percentOfNodes()).isEqualTo(30);
    Profile packer = profiles.getLast();
    assertThat(packer.percentOfNodes()).isEqualTo(100);
    assertThat(packer.preempting()).isFalse();
    assertThat(filters(packer)).doesNotContain("TaintToleration").contains("PodTopologySpread");
    assertThat(weights(packer))
        .containsEntry("NodeResourcesFit", 5)
        .containsEntry("TaintToleration", 3)
        .doesNotContainKeys("PodTopologySpread", "ImageLocality");
  }

  @Test
  void takesPluginsAwayFromEveryPointAtOnce() {
    Profile profile =
        only(
            HEAD
                + """
                profiles:
                - plugins:
                    multiPoint:
                      disabled: [{name: '*'}]
                      enabled: [{name: NodeName}, {name: ImageLocality, weight: 7}]
                """);
    assertThat(filters(profile)).containsExactly("NodeName");
    assertThat(weights(profile)).isEqualTo(Map.of("ImageLocality", 7));
    assertThat(profile.preempting()).isFalse();
  }

  @Test
  void saysWhatHasNoEffect() {
    assertThat(read("leaderElection: {leaderElect: true}").warnings())
        .containsExactly("leaderElection: accepted, but without effect in this scheduler");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "profile: []|profile: unknown or unsupported field",
        "percentageOfNodesToScore: 101|percentageOfNodesToScore: Invalid value: 101",
        "profiles: [{schedulerName: a}, {schedulerName: a}]|profiles[1].schedulerName: Duplicate",
        "profiles: [{plugins: {filter: {enabled: [{name: Magic}]}}}]"
            + "|profiles[0].plugins.filter.enabled[0].name: plugin \"Magic\" does not exist",
        "profiles: [{plugins: {multiPoint: {disabled: [{name: DefaultBinder}]}}}]"
            + "|plugin \"DefaultBinder\" cannot be disabled",
        "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: X}}}]}]"
            + "|profiles[0].pluginConfig[0].args.scoringStrategy.type: Unsupported value: \"X\"",
        "profiles: [{pluginConfig: [{name: InterPodAffinity, args: {hardPodAffinityWeight: 101}}]}]"
            + "|hardPodAffinityWeight: Invalid value: 101: must be a number from 0 to 100",
        "profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints: [{maxSkew: 1,"
            + " topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]}}]}]"
            + "|defaultingType: Invalid value: \"System\": when .defaultConstraints are not empty",
        "profiles: [{pluginConfig: [{name: NodeName, args: {}}]}]|takes no arguments",
      })
  void namesThePlaceOfWhatIsWrong(String wrong, String sentence) {
    assertThatThrownBy(() -> read(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void refusesOtherVersions() {
    assertThatThrownBy(
            () -> Configuration.of(Yaml.documents(HEAD.replace("io/v1", "io/v1beta3")).getFirst()))
        .hasMessage(
            "apiVersion: Unsupported value: \"kubescheduler.config.k8s.io/v1beta3\": supported"
                + " values: \"kubescheduler.config.k8s.io/v1\"");
  }

  private static Configuration read(String more) {
    return Configuration.of(Yaml.documents(HEAD + more).getFirst());
  }

  private static Profile only(String text) {
    List<Profile> profiles = Configuration.of(Yaml.documents(text).getFirst()).profiles();
    assertThat(profiles).hasSize(1);
    return profiles.getFirst();
  }

  private static List<String> filters(Profile profile) {
    return profile.filters().stream().map(Filter::name).toList();
  }

  private static Map<String, Integer> weights(Profile profile) {
    return profile.scores().stream()
        .collect(Collectors.toMap(w -> w.score().name(), Profile.Weighted::weight));
  }
}
